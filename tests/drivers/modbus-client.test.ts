import { once } from 'node:events';
import { connect } from 'node:net';
import { duplexPair } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { ModbusClient, prepareRead } from '../../drivers/modbus/client.ts';
import { encodeMbap, MbapReader } from '../../drivers/modbus/frame.ts';
import { ModbusLink } from '../../drivers/modbus/link.ts';
import { encodeReadReply } from '../../drivers/modbus/pdu.ts';
import { realClock } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { Peer } from './peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function peerOf(behaviour?: Peer['behaviour']): Promise<Peer> {
  const peer = await new Peer().listen();
  if (behaviour) peer.behaviour = behaviour;
  open.push(() => peer.close());
  return peer;
}

async function clientOf(peer: Peer, options: { maxInFlight?: number; timeoutMs?: number; clock?: VirtualClock } = {}) {
  const socket = connect({ host: '127.0.0.1', port: peer.port, noDelay: true });
  await once(socket, 'connect');
  const losses: LifelineError[] = [];
  const client = new ModbusClient(
    new ModbusLink(socket, { clock: options.clock ?? realClock(), maxInFlight: options.maxInFlight ?? 1 }),
    {
      target: `pump-7 (127.0.0.1:${peer.port} unit 3)`,
      timeoutMs: options.timeoutMs ?? 1000,
      lost: (error) => losses.push(error),
    },
  );
  open.push(() => client.close());
  return { client, losses };
}

const tenRegisters = prepareRead(3, 'holding', 0, 10);
const sequence = Array.from({ length: 10 }, (_, index) => index);

/** Resolves when the peer has got `count` requests in all. */
async function requestsAt(peer: Peer, count: number): Promise<void> {
  while (peer.requests.length < count) await new Promise((resolve) => setImmediate(resolve));
}

describe('Modbus client', () => {
  test('sends the golden request and reads the golden answer', async () => {
    const peer = await peerOf((frame, socket) => {
      socket.write(Buffer.from(`${frame.transaction.toString(16).padStart(4, '0')}00000007030304022b0064`, 'hex'));
    });
    const { client } = await clientOf(peer);
    const registers = new Uint16Array(2);
    expect(await client.read(prepareRead(3, 'holding', 107, 2), registers)).toEqual({ kind: 'values' });
    expect([...registers]).toEqual([0x022b, 0x64]);
    expect(Buffer.from(peer.requests[0]!.pdu).toString('hex')).toBe('03006b0002');
    expect(peer.requests[0]!.unit).toBe(3);
  });

  test('keeps one request on the wire by default, and as many as allowed when pipelining', async () => {
    const held: (() => void)[] = [];
    const peer = await peerOf((_frame, socket, answer) => held.push(() => socket.write(answer())));
    const { client } = await clientOf(peer, { maxInFlight: 4 });
    const reads = sequence.map((index) =>
      client.read(prepareRead(3, 'holding', index * 10, 1 + index), new Uint16Array(1 + index)),
    );
    await requestsAt(peer, 4);
    expect(held).toHaveLength(4);
    peer.behaviour = (_frame, socket, answer) => socket.write(answer());
    for (const release of held.splice(0)) release();
    expect(await Promise.all(reads)).toEqual(sequence.map(() => ({ kind: 'values' })));
    const single = await clientOf(peer);
    peer.behaviour = (_frame, socket, answer) => held.push(() => socket.write(answer()));
    peer.requests.length = 0;
    const two = [0, 1].map(() => single.client.read(tenRegisters, new Uint16Array(10)));
    await requestsAt(peer, 1);
    expect(peer.requests).toHaveLength(1);
    held[0]!();
    await two[0];
    await requestsAt(peer, 2);
    held[1]!();
    await two[1];
  });

  test('gives swapped answers to the requests they belong to', async () => {
    const held: (() => void)[] = [];
    const peer = await peerOf((_frame, socket, answer) => {
      held.push(() => socket.write(answer()));
      if (held.length === 3) for (const release of held.reverse()) release();
    });
    const { client } = await clientOf(peer, { maxInFlight: 3 });
    const into = [1, 2, 3].map((count) => new Uint16Array(count));
    await Promise.all(
      into.map((registers, index) => client.read(prepareRead(3, 'holding', index, registers.length), registers)),
    );
    expect(into.map((registers) => [...registers])).toEqual([[0], [1, 2], [2, 3, 4]]);
  });

  test('drops answers with a foreign transaction, unit, function or length and takes the one that fits', async () => {
    const peer = await peerOf((frame, socket, answer) => {
      const wrong = encodeMbap(frame.transaction, 3, Uint8Array.of(3, 2, 0xde, 0xad));
      socket.write(encodeMbap(frame.transaction ^ 0x8000, 3, Uint8Array.of(3, 2, 0xde, 0xad)));
      socket.write(encodeMbap(frame.transaction, 4, answer().subarray(7)));
      socket.write(encodeMbap(frame.transaction, 3, Uint8Array.of(4, 20, ...new Uint8Array(20))));
      socket.write(wrong);
      socket.write(answer());
    });
    const { client } = await clientOf(peer);
    const registers = new Uint16Array(10);
    expect(await client.read(tenRegisters, registers)).toEqual({ kind: 'values' });
    expect([...registers]).toEqual(sequence);
    expect(client.droppedAnswers).toBe(4);
  });

  test('never takes a late answer for that of a newer request', async () => {
    const clock = new VirtualClock();
    let late: Uint8Array | undefined;
    const peer = await peerOf((_frame, _socket, answer) => {
      late = answer();
    });
    const { client } = await clientOf(peer, { clock });
    const first = client.read(prepareRead(3, 'holding', 500, 10), new Uint16Array(10));
    await requestsAt(peer, 1);
    await clock.advance(1000);
    expect(await first).toMatchObject({ kind: 'timeout' });
    peer.behaviour = (_frame, socket, answer) => socket.write(Buffer.concat([late!, answer()]));
    const registers = new Uint16Array(10);
    expect(await client.read(tenRegisters, registers)).toEqual({ kind: 'values' });
    expect([...registers]).toEqual(sequence);
    expect(client.droppedAnswers).toBe(1);
  });

  test('does not give the id of an unanswered request out again, even after all 65,536 have been used', async () => {
    const clock = new VirtualClock();
    const [near, far] = duplexPair();
    const client = new ModbusClient(new ModbusLink(near, { clock, maxInFlight: 64 }), {
      target: 'pump-7',
      timeoutMs: 1000,
      lost: () => {},
    });
    open.push(() => client.close());
    const reader = new MbapReader();
    const ids: number[] = [];
    far.on('data', (chunk: Uint8Array) => {
      const answers = reader.push(chunk).flatMap(({ transaction, unit, pdu }) => {
        const registers = (value: number) => encodeReadReply('holding', new Uint16Array(pdu[4]!).fill(value));
        if (ids.push(transaction) === 1) return [];
        // the answer that the first request never got comes as soon as its id is heard again
        const late = transaction === ids[0] ? [encodeMbap(transaction, unit, registers(666))] : [];
        return [...late, encodeMbap(transaction, unit, registers(1))];
      });
      far.write(Buffer.concat(answers));
    });
    const reads = Array.from({ length: 64 }, (_, index) => prepareRead(3, 'holding', 0, 1 + index));
    const first = client.read(reads[0]!, new Uint16Array(1));
    await clock.advance(1000);
    expect(await first).toMatchObject({ kind: 'timeout' });
    for (let round = 0; round < 1100; round++) {
      const into = reads.map(({ count }) => new Uint16Array(count));
      await Promise.all(into.map((registers, index) => client.read(reads[index]!, registers)));
      for (const [value] of into) if (value !== 1) expect.fail(`a late answer was taken for that of id ${ids.at(-1)}`);
    }
    expect(ids.filter((id) => id === ids[0])).toHaveLength(1);
    expect(new Set(ids).size).toBe(65_536);
  });

  test('takes an answer that came in time although the process stood still past the deadline', async () => {
    const peer = await peerOf((_frame, socket, answer) => {
      socket.write(answer());
      for (const end = performance.now() + 60; performance.now() < end; );
    });
    const { client } = await clientOf(peer, { timeoutMs: 30 });
    expect(await client.read(tenRegisters, new Uint16Array(10))).toEqual({ kind: 'values' });
  });

  test('drops a link that has lost step: a hundred answers in a row that nobody asked for', async () => {
    const peer = await peerOf((frame, socket) => {
      const foreign = encodeMbap(frame.transaction ^ 1, frame.unit, Uint8Array.of(3, 2, 0xde, 0xad));
      socket.write(Buffer.concat(Array.from({ length: 150 }, () => foreign)));
    });
    const { client, losses } = await clientOf(peer, { clock: new VirtualClock() });
    await expect(client.read(tenRegisters, new Uint16Array(10))).rejects.toMatchObject({ code: 'LL-MODBUS-FRAMING' });
    expect(losses.map((error) => error.message)).toEqual([expect.stringContaining('100 answers in a row fitted no')]);
  });

  test('names action, place, target, figure and next step when nothing answers, and gives up after three', async () => {
    const clock = new VirtualClock();
    const peer = await peerOf(() => undefined);
    const { client, losses } = await clientOf(peer, { clock, timeoutMs: 800 });
    const ends = [0, 1, 2, 3].map(() => client.read(tenRegisters, new Uint16Array(10)).catch((error) => error));
    for (let round = 1; round <= 3; round++) {
      await requestsAt(peer, round);
      await clock.advance(800);
    }
    const outcome = await ends[0];
    expect(outcome).toMatchObject({ kind: 'timeout', error: { code: 'LL-MODBUS-TIMEOUT' } });
    expect(outcome.error.message).toBe(
      `read holding 40001–40010 of pump-7 (127.0.0.1:${peer.port} unit 3): no answer in 800 ms; check cable, unit id, firewall`,
    );
    expect(await ends[2]).toMatchObject({ kind: 'timeout' });
    expect(await ends[3]).toMatchObject({ code: 'LL-MODBUS-TIMEOUT' });
    expect(losses).toHaveLength(1);
    await expect(client.read(tenRegisters, new Uint16Array(10))).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
  });

  test('assembles an answer that drips in byte by byte', async () => {
    const peer = await peerOf((_frame, socket, answer) => {
      const bytes = [...answer()];
      const drip = () => {
        const byte = bytes.shift();
        if (byte !== undefined) socket.write(Uint8Array.of(byte), () => setImmediate(drip));
      };
      drip();
    });
    const { client } = await clientOf(peer);
    const registers = new Uint16Array(10);
    expect(await client.read(tenRegisters, registers)).toEqual({ kind: 'values' });
    expect([...registers]).toEqual(sequence);
  });

  test('rejects open and waiting reads at once when the device resets in the middle of a frame', async () => {
    const clock = new VirtualClock();
    const peer = await peerOf((_frame, socket, answer) => {
      socket.write(answer().subarray(0, 12), () => socket.resetAndDestroy());
    });
    const { client, losses } = await clientOf(peer, { clock });
    const reads = [0, 1].map(() => client.read(tenRegisters, new Uint16Array(10)));
    // the clock stands still: only the reset can end these
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
    expect(losses).toHaveLength(1);
    expect(losses[0]!.message).toContain('with 2 reads open');
  });

  test.each([
    ['length 0', [0, 1, 0, 0, 0, 0, 3]],
    ['a length that would be 64 kB', [0, 1, 0, 0, 0xff, 0xff, 3, 3]],
    ['another protocol', [...Buffer.from('HTTP/1.1 400 Bad Request\r\n')]],
  ])('drops the link on %s', async (_, garbage) => {
    const peer = await peerOf((_frame, socket) => socket.write(Uint8Array.from(garbage)));
    const { client, losses } = await clientOf(peer);
    await expect(client.read(tenRegisters, new Uint16Array(10))).rejects.toMatchObject({ code: 'LL-MODBUS-FRAMING' });
    expect(losses).toHaveLength(1);
  });

  test('accepts no wrong value and throws no foreign error over 10,000 answers of seeded garbage', async () => {
    const random = seededRandom(2026);
    let wrote = 0;
    const peer = await peerOf((frame, socket, answer) => {
      const good = answer();
      const bad = Uint8Array.from(good);
      const at = random.integer(0, 8);
      const kind = wrote++ % 4;
      if (kind === 0) bad[at] = (bad[at]! ^ random.integer(1, 255)) & 0xff;
      else if (kind === 1) bad.set([random.integer(0, 255), random.integer(0, 255)], 4);
      const payload =
        kind === 2
          ? Uint8Array.from({ length: random.integer(1, 40) }, () => random.integer(0, 255))
          : kind === 3
            ? encodeMbap(frame.transaction, frame.unit, good.subarray(7, 7 + random.integer(1, 21)))
            : bad;
      socket.write(Buffer.concat([payload, good]));
    });
    let answered = 0;
    let current: Awaited<ReturnType<typeof clientOf>> | undefined;
    while (wrote < 10_000) {
      current ??= await clientOf(peer, { timeoutMs: 1 });
      const registers = new Uint16Array(10);
      const outcome = await current.client.read(tenRegisters, registers).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(LifelineError);
        current = undefined;
      } else if ((outcome as { kind: string }).kind === 'values') {
        expect([...registers]).toEqual(sequence);
        answered++;
      }
    }
    expect(answered).toBeGreaterThan(1000);
  });

  test('ends quietly when closed twice, rejecting what was open', async () => {
    const peer = await peerOf(() => undefined);
    const { client, losses } = await clientOf(peer);
    const read = client.read(tenRegisters, new Uint16Array(10));
    client.close();
    client.close();
    await expect(read).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
    expect(losses).toEqual([]);
  });
});
