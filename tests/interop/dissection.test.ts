import { expect, test } from 'vitest';
import { encodeMbap } from '../../drivers/modbus/frame.ts';
import { encodeReadReply, encodeReadRequest } from '../../drivers/modbus/pdu.ts';
import { encodeRtu } from '../../drivers/modbus/rtu.ts';
import { dissect } from './dissection.ts';

const request = encodeMbap(7, 1, encodeReadRequest('holding', 0, 2));
const answer = encodeMbap(7, 1, encodeReadReply('holding', Uint16Array.of(1, 2)));
const conversation = (bytes: Uint8Array) => spoken([request, bytes], 'mbtcp');
const spoken = ([asked, answered]: readonly [Uint8Array, Uint8Array], protocol: 'mbtcp' | 'mbrtu') =>
  dissect(
    [
      { connection: 0, from: 'client', bytes: asked },
      { connection: 0, from: 'server', bytes: answered },
    ],
    protocol,
  );

test('Wireshark finds a right conversation right', async () => {
  expect(await conversation(answer)).toEqual({
    ...{ functions: [3], requests: 1, answers: 1, exceptions: [], unasked: 0, wrong: [] },
  });
});

test.each([
  ['more data promised than there is', answer.with(8, 200)],
  ['a length that ends inside the answer', answer.with(5, 4).subarray(0, 10)],
  ['no Modbus at all', Uint8Array.from(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
])('Wireshark complains of %s', async (_, bytes) => {
  expect((await conversation(bytes)).wrong).toHaveLength(1);
});

test('Wireshark finds no request for an answer with another number', async () => {
  expect(await conversation(answer.with(1, 8))).toMatchObject({ answers: 1, unasked: 1 });
});

test('Wireshark checks the sums of RTU frames', async () => {
  const asked = encodeRtu(1, encodeReadRequest('holding', 0, 2));
  const answered = encodeRtu(1, encodeReadReply('holding', Uint16Array.of(1, 2)));
  expect(await spoken([asked, answered], 'mbrtu')).toMatchObject({ requests: 1, answers: 1, wrong: [] });
  expect((await spoken([asked, answered.with(5, 9)], 'mbrtu')).wrong).toHaveLength(1);
});
