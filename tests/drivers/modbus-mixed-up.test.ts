import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { encodeMbap, type MbapFrame } from '../../drivers/modbus/frame.ts';
import { planReads } from '../../drivers/modbus/planner.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { distort } from '../../simulator/plc/misbehaviour.ts';
import { Peer, pointAt, testHost } from './peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Sixty registers read one by one, in runs of one, two and three: many requests that are alike, many that are not. */
const addresses = Array.from({ length: 120 }, (_, index) => index).filter(
  (address) => ![3, 5, 9].includes(address % 10),
);

interface Held {
  readonly frame: MbapFrame;
  readonly pdu: Uint8Array;
  readonly socket: Socket;
}

/** A device that answers what came together all at once, with the ids dealt out anew by `deal`. */
function holding(peer: Peer, deal: (held: readonly Held[]) => readonly number[]) {
  let held: Held[] = [];
  const most = { inFlight: 0 };
  peer.behaviour = (frame, socket, answer) => {
    held.push({ frame, socket, pdu: answer().slice(7) });
    if (held.length > 1) return;
    setImmediate(() => {
      const [first] = held;
      most.inFlight = Math.max(most.inFlight, held.length);
      const ids = deal(held);
      const answers = held.map(({ pdu, frame: { unit } }, index) => encodeMbap(ids[index]!, unit, pdu));
      held = [];
      first?.socket.write(Buffer.concat(answers));
    });
  };
  return most;
}

async function sessionOf(peer: Peer, maxInFlight: number) {
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: ({ code }, message) => warnings.push(`${code} ${message}`) };
  const points = addresses.map((address, tag) => pointAt(tag, address));
  const device = { id: 'plc', endpoint: peer.endpoint, points, options: { maxInFlight, maxGap: 0 } };
  const losses: unknown[] = [];
  const events = { batch: () => undefined, lost: (error: unknown) => losses.push(error) };
  const session = await modbusDriver.open(
    device,
    events,
    testHost(new VirtualClock(), log),
    new AbortController().signal,
  );
  open.push(() => session.close());
  const read = async () => [...(await session.polls[0]!.read()).values];
  return { warnings, losses, read };
}

async function newPeer(): Promise<Peer> {
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  return peer;
}

const ids = (held: readonly Held[]) => held.map(({ frame }) => frame.transaction);
const rotated = (held: readonly Held[]) => {
  const [first = 0, ...rest] = ids(held);
  return [...rest, first];
};

describe('a device that mixes answers up', () => {
  test.each([
    ['gives each answer the id of the next request', rotated],
    [
      'answers in the order of its own with ids in that of the requests',
      (held: readonly Held[]) => ids(held).reverse(),
    ],
    ['gives all answers the latest id', (held: readonly Held[]) => held.map(() => held.at(-1)!.frame.transaction)],
    [
      'gives all answers an id that nobody used',
      (held: readonly Held[]) => ids(held).map((id) => (held.length > 1 ? id ^ 0x4000 : id)),
    ],
  ])('and %s is asked one by one from then on, with no wrong value and one warning', async (_, deal) => {
    const peer = await newPeer();
    const { read, warnings, losses } = await sessionOf(peer, 8);
    const most = holding(peer, deal);
    for (let polls = 0; polls < 5; polls++) {
      expect(await read()).toEqual(addresses);
      if (polls === 0) most.inFlight = 0;
    }
    expect(most.inFlight).toBe(1);
    expect(losses).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^LL-MODBUS-MIXED an answer from 127\.0\.0\.1:\d+ fitted none of the up to 8 requests in flight/,
      ),
    ]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'at random now and then never has a wrong value taken (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const peer = await newPeer();
      const { read } = await sessionOf(peer, 16);
      holding(peer, (held) => {
        const dealt = ids(held);
        if (held.length < 2 || random.next() < 0.7) return dealt;
        const [a, b] = [random.integer(0, held.length - 1), random.integer(0, held.length - 1)];
        [dealt[a], dealt[b]] = [dealt[b]!, dealt[a]!];
        return dealt;
      });
      for (let polls = 0; polls < 20; polls++) expect(await read()).toEqual(addresses);
    },
  );

  test('is told from one that keeps ids and answers in another order', async () => {
    const peer = await newPeer();
    const { read, warnings } = await sessionOf(peer, 8);
    let held: (() => void)[] = [];
    let most = 0;
    peer.behaviour = (_frame, socket, answer) => {
      if (held.push(() => socket.write(answer())) > 1) return;
      setImmediate(() => {
        most = Math.max(most, held.length);
        for (const release of held.reverse()) release();
        held = [];
      });
    };
    for (let polls = 0; polls < 5; polls++) expect(await read()).toEqual(addresses);
    expect(most).toBeGreaterThan(1);
    expect(warnings).toEqual([]);
  });

  test.each(['swapped-id', 'wrong-unit', 'wrong-function', 'wrong-length'] as const)(
    'by a %s is asked one by one from then on',
    async (fault) => {
      const peer = await newPeer();
      const { read, warnings } = await sessionOf(peer, 8);
      const shape = { clock: new VirtualClock(), random: seededRandom(3), shares: {}, lateMs: 0 };
      let faults = 1;
      peer.behaviour = (_frame, socket, answer) => {
        for (const piece of distort(faults-- > 0 ? fault : undefined, answer(), shape).pieces) socket.write(piece);
      };
      expect(await read()).toEqual(addresses);
      expect(warnings).toHaveLength(1);
    },
  );
});

test('full reads in a row differ in length where several may be under way, and cover the same points', () => {
  const floats = Array.from({ length: 2000 }, (_, index) => pointAt(index, index * 2, { type: 'float32' }));
  const limits = { maxRegisters: 125, maxGap: 125, requestMs: 20, registerMs: 0.016, forbidden: [] };
  const reads = planReads(floats, { ...limits, maxInFlight: 8 });
  for (let from = 0; from + 8 <= reads.length; from++) {
    expect(new Set(reads.slice(from, from + 8).map(({ count }) => count)).size).toBe(8);
  }
  expect(reads.flatMap(({ rows }) => rows)).toEqual(floats.map(({ tag }) => tag));
  expect(reads.length / planReads(floats, limits).length).toBeLessThan(1.1);
});
