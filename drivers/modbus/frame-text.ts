import type { Text } from '../../edge/core/text.ts';
import { asksIdentification, exceptionText, parseIdentificationReply, parseRequest } from './pdu.ts';
import { placesText } from './place.ts';

/** Values of a write that are spelled out; the rest stands in the bytes. */
const maxValuesShown = 8;
/** Functions 1–4 read; their answers carry values after code and byte count. */
const lastReadCode = 4;
const replyHeadBytes = 2;

/** `unit 3 · 03 read holding 40001–40010`: unit and function stand first in both directions. */
function headed(unit: number, code: number, { zh, en }: Text): Text {
  const digits = String(code).padStart(2, '0');
  return { zh: `站号 ${unit} · ${digits} ${zh}`, en: `unit ${unit} · ${digits} ${en}` };
}

/** What a request asks for. */
export function requestText(unit: number, pdu: Uint8Array): Text {
  return headed(unit, pdu[0] as number, asked(pdu));
}

function asked(pdu: Uint8Array): Text {
  if (asksIdentification(pdu)) return { zh: '读设备标识', en: 'read device identification' };
  const request = parseRequest(pdu);
  if (request.kind === 'refused') return { zh: '其他请求', en: 'another request' };
  const { table, address } = request;
  if (request.kind === 'read') {
    const { zh, en } = placesText(table, address, request.count);
    return { zh: `读${zh}`, en: `read ${en}` };
  }
  const { zh, en } = placesText(table, address, request.values.length);
  const more = request.values.length > maxValuesShown ? ' …' : '';
  const values = `${[...request.values.subarray(0, maxValuesShown)].join(' ')}${more}`;
  return { zh: `写${zh} = ${values}`, en: `write ${en} = ${values}` };
}

/** What an answer says to the request that it fits. */
export function answerText(unit: number, pdu: Uint8Array, request: Uint8Array): Text {
  const code = request[0] as number;
  const { zh, en } = asked(request);
  if (((pdu[0] as number) & 0x80) !== 0) {
    const why = exceptionText(pdu[1] as number);
    return headed(unit, code, { zh: `拒绝${zh}：异常 ${why.zh}`, en: `refuses to ${en}: exception ${why.en}` });
  }
  const identity = parseIdentificationReply(pdu);
  if (identity) {
    const parts = [...identity.objects.values()].join(' · ');
    return headed(unit, code, { zh: `设备标识：${parts}`, en: `device identification: ${parts}` });
  }
  if (code > lastReadCode) return headed(unit, code, { zh: `确认${zh}`, en: `confirms ${en}` });
  const bytes = pdu.length - replyHeadBytes;
  return headed(unit, code, { zh: `应答 ${zh}：${bytes} 字节`, en: `answers to ${en}: ${bytes} bytes` });
}

/** An answer that fits no request under way. */
export function strayText(unit: number, pdu: Uint8Array): Text {
  const code = (pdu[0] as number) & 0x7f;
  const what = {
    zh: `不属于任何请求，已丢弃（迟到、错序或长度不符），${pdu.length} 字节`,
    en: `fits no request and was dropped (late, swapped or of wrong length), ${pdu.length} bytes`,
  };
  return headed(unit, code, what);
}
