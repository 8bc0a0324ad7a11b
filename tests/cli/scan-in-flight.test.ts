import { afterAll, afterEach, expect, test } from 'vitest';
import { encodeMbap } from '../../drivers/modbus/frame.ts';
import { measureInFlight } from '../../edge/cli/modbus/in-flight.ts';
import { realClock } from '../../edge/core/clock.ts';
import { Peer } from '../drivers/peer.ts';
import { killAll, lifeline } from '../gateway/processes.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

afterAll(killAll);

async function measure(behaviour?: Peer['behaviour']) {
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  if (behaviour) peer.behaviour = behaviour;
  const endpoint = { kind: 'tcp', host: '127.0.0.1', port: peer.port } as const;
  const { signal } = new AbortController();
  const parts = { clock: realClock(), timeoutMs: 2000, address: 4, signal };
  const report = await measureInFlight({ endpoint, unit: 3, name: 'plc' }, parts);
  return { peer, ...report };
}

test('a device that keeps ids is measured up to 16 requests at once, by 64 reads each', async () => {
  const { peer, rows } = await measure();
  expect(rows.map(({ inFlight, problem }) => [inFlight, problem])).toEqual([1, 2, 4, 8, 16].map((each) => [each, '']));
  expect(peer.requests).toHaveLength(5 * 64);
  expect(peer.requests.every(({ unit, pdu }) => unit === 3 && pdu[0] === 3 && pdu[2] === 4)).toBe(true);
});

test('one that mixes ids up is found out at two at once, and not asked for more', async () => {
  let held: (() => void)[] = [];
  let last = 0;
  const { rows, recommended } = await measure((frame, socket, answer) => {
    last = frame.transaction;
    const pdu = answer().subarray(7);
    if (held.push(() => socket.write(encodeMbap(last, frame.unit, pdu))) > 1) return;
    setImmediate(() => {
      for (const release of held) release();
      held = [];
    });
  });
  expect(rows.map(({ inFlight, problem }) => [inFlight, problem])).toEqual([
    [1, ''],
    [2, 'answers mixed up'],
  ]);
  expect(recommended).toBe(1);
});

test('one that refuses the place says so', async () => {
  const { rows, recommended } = await measure((frame, socket) =>
    socket.write(encodeMbap(frame.transaction, frame.unit, Uint8Array.of(0x83, 2))),
  );
  expect(rows).toMatchObject([{ problem: 'exception 2 to a read of 1 registers; choose others with --address' }]);
  expect(recommended).toBe(1);
});

test('the command prints a line for each step and what to write', async () => {
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  const scan = (...args: string[]) => lifeline('scan', 'modbus', ...args, '--in-flight').ended;
  const { code, stdout } = await scan(`${peer.endpoint}/3`, '--address', '4');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^in flight +reads\/s +round trip ms\n +1 +\d+ +[\d.]+ +every answer right\n[\s\S]*maxInFlight: \d+\n$/,
  );
  expect(await scan('10.0.3.0/24')).toMatchObject({ code: 2, stderr: expect.stringContaining('measures one device') });
  const gone = `${peer.endpoint}/3`;
  await peer.close();
  expect(await scan(gone)).toMatchObject({ code: 4, stderr: expect.stringContaining('LL-MODBUS-CONNECT') });
});
