import { Exception, encodeException } from '../../drivers/modbus/pdu.ts';
import type { Plc } from '../city/plant.ts';

/** Function 43 (encapsulated interface) and its MEI type 14, Modbus Application Protocol 1.1b3, clause 6.21. */
const encapsulated = 0x2b;
const readDeviceIdentification = 0x0e;
/** Regular identification, by stream and by single object. */
const conformity = 0x82;
const maxObjectBytes = 60;

/** Whether a request asks who the device is. */
export const asksIdentification = (pdu: Uint8Array): boolean =>
  pdu[0] === encapsulated && pdu[1] === readDeviceIdentification;

/** Objects 0 vendor, 1 product code, 2 revision, 4 product name (ASCII, as clause 6.21 wants). */
function objectsOf(plc: Plc): readonly { readonly id: number; readonly text: Uint8Array }[] {
  const ascii = (text: string) => new TextEncoder().encode(text.replace(/[^ -~]/g, '?').slice(0, maxObjectBytes));
  return [
    { id: 0, text: ascii('Lifeline simulated city') },
    { id: 1, text: ascii(plc.id) },
    { id: 2, text: ascii('1.0') },
    { id: 4, text: ascii(plc.name.en) },
  ];
}

/** Answers a device identification request: read codes 1 basic, 2 regular, 3 extended, 4 one object. */
export function answerIdentification(pdu: Uint8Array, plc: Plc): Uint8Array {
  const [, , code = 0, wanted = 0] = pdu;
  if (pdu.length !== 4 || code < 1 || code > 4) return encodeException(pdu, Exception.illegalValue);
  const all = objectsOf(plc).filter(({ id }) => code !== 1 || id <= 2);
  // A stream that begins at an object which is not there begins at the first (clause 6.21).
  const from = all.some(({ id }) => id === wanted) ? wanted : 0;
  const chosen = all.filter(({ id }) => (code === 4 ? id === wanted : id >= from));
  if (chosen.length === 0) return encodeException(pdu, Exception.illegalAddress);
  const body = chosen.flatMap(({ id, text }) => [id, text.length, ...text]);
  return Uint8Array.of(encapsulated, readDeviceIdentification, code, conformity, 0, 0, chosen.length, ...body);
}
