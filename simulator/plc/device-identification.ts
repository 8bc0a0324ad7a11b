import { Exception, encodeException, encodeIdentificationReply, IdentificationCode } from '../../drivers/modbus/pdu.ts';
import type { Plc } from '../city/plant.ts';

/** Regular identification, by stream and by single object (Modbus Application Protocol 1.1b3, clause 6.21). */
const conformity = 0x82;
const maxObjectBytes = 60;
/** Objects of basic identification: vendor, product code, revision. */
const lastBasicObject = 2;

/** Objects 0 vendor, 1 product code, 2 revision, 4 product name (ASCII, as clause 6.21 wants). */
function objectsOf(plc: Plc): readonly (readonly [number, string])[] {
  const ascii = (text: string) => text.replace(/[^ -~]/g, '?').slice(0, maxObjectBytes);
  return [
    [0, 'Lifeline simulated city'],
    [1, ascii(plc.id)],
    [2, '1.0'],
    [4, ascii(plc.name.en)],
  ];
}

/** Answers a device identification request: read codes 1 basic, 2 regular, 3 extended, 4 one object. */
export function answerIdentification(pdu: Uint8Array, plc: Plc): Uint8Array {
  const [, , code = 0, wanted = 0] = pdu;
  if (pdu.length !== 4 || code < IdentificationCode.basic || code > IdentificationCode.single) {
    return encodeException(pdu, Exception.illegalValue);
  }
  const all = objectsOf(plc).filter(([id]) => code !== IdentificationCode.basic || id <= lastBasicObject);
  // A stream that begins at an object which is not there begins at the first (clause 6.21).
  const from = all.some(([id]) => id === wanted) ? wanted : 0;
  const chosen = all.filter(([id]) => (code === IdentificationCode.single ? id === wanted : id >= from));
  if (chosen.length === 0) return encodeException(pdu, Exception.illegalAddress);
  return encodeIdentificationReply(code, { conformity, next: undefined, objects: new Map(chosen) });
}
