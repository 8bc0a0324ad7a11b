import { duplexPair } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { ModbusClient, prepareRead } from '../../drivers/modbus/client.ts';
import { encodeMbap, MbapReader } from '../../drivers/modbus/frame.ts';
import { ModbusLink } from '../../drivers/modbus/link.ts';
import { Patience } from '../../drivers/modbus/patience.ts';
import { encodeReadReply } from '../../drivers/modbus/pdu.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';

const limits = { timeoutMs: 1000, minTimeoutMs: 50, learns: true };
const hurriedAfter = (patience: Patience, count: number, tookMs: (index: number) => number) => {
  for (let index = 0; index < count; index++) patience.answered(tookMs(index));
  return patience.hurriedMs;
};

describe('a timeout learnt from round trips', () => {
  test('is the configured one until enough are known, then stays within its bounds', () => {
    expect(hurriedAfter(new Patience(limits), 19, () => 20)).toBe(1000);
    expect(hurriedAfter(new Patience(limits), 20, () => 20)).toBe(50);
    expect(hurriedAfter(new Patience(limits), 100, () => 200)).toBe(400);
    expect(hurriedAfter(new Patience(limits), 100, () => 900)).toBe(1000);
    expect(hurriedAfter(new Patience({ ...limits, learns: false }), 100, () => 20)).toBe(1000);
  });

  test('follows mean and deviation as RFC 6298 has it', () => {
    // SRTT 100, RTTVAR 50 → 0.75·50 + 0.25·40 = 47.5, SRTT 105; again 120: 0.75·47.5 + 0.25·15, SRTT 106.875
    const patience = new Patience({ ...limits, minTimeoutMs: 10 });
    for (const tookMs of [100, 140, 120]) patience.answered(tookMs);
    for (let more = 3; more < 20; more++) patience.answered(106.875);
    const deviation = 39.375 * 0.75 ** 17;
    expect(patience.hurriedMs).toBeCloseTo(Math.max(106.875 + 4 * deviation, 280), 6);
  });

  test('is forgotten after a timeout, and takes ten times as long to learn after each that came early', () => {
    const patience = new Patience(limits);
    hurriedAfter(patience, 20, () => 20);
    patience.timedOut(50);
    expect(patience.hurriedMs).toBe(1000);
    expect(hurriedAfter(patience, 199, () => 20)).toBe(1000);
    expect(hurriedAfter(patience, 1, () => 20)).toBe(50);
    patience.timedOut(1000);
    expect(hurriedAfter(patience, 200, () => 20)).toBe(50);
  });
});

/** Two units on one line, in memory: the first answers after what `tookMs` says, the second at once. */
function line(clock: VirtualClock, tookMs: () => number, patience: { minTimeoutMs: number } | undefined) {
  const [near, far] = duplexPair();
  const reader = new MbapReader();
  far.on('data', (chunk: Uint8Array) => {
    for (const { transaction, unit } of reader.push(chunk)) {
      const answer = encodeMbap(transaction, unit, encodeReadReply('holding', Uint16Array.of(unit)));
      const delayMs = unit === 1 ? tookMs() : 0;
      if (Number.isFinite(delayMs)) clock.after(delayMs, () => far.write(answer));
    }
  });
  const link = new ModbusLink(near, { clock, maxInFlight: 1 });
  const lost: string[] = [];
  const clients = [1, 2].map(
    (unit) =>
      new ModbusClient(link, {
        ...{ target: `unit-${unit}`, timeoutMs: 1000, patience },
        lost: (error) => lost.push(error.code),
      }),
  ) as [ModbusClient, ModbusClient];
  const read = async (unit: 1 | 2) => {
    let kind = '';
    const into = new Uint16Array(1);
    void clients[unit - 1]!.read(prepareRead(unit, 'holding', 0, 1), into).then((outcome) => {
      kind = outcome.kind;
    });
    const fromMs = clock.monotonicMs();
    while (kind === '') await clock.advance(1);
    if (kind === 'values') expect(into[0]).toBe(unit);
    return { kind, tookMs: clock.monotonicMs() - fromMs };
  };
  return { read, lost };
}

describe('a device that shares its line', () => {
  test('holds the others up only as long as its own answers take, when it falls silent', async () => {
    const clock = new VirtualClock();
    let tookMs = 20;
    const { read } = line(clock, () => tookMs, { minTimeoutMs: 50 });
    for (let reads = 0; reads < 25; reads++) {
      expect((await read(1)).kind).toBe('values');
      expect((await read(2)).kind).toBe('values');
    }
    tookMs = Number.POSITIVE_INFINITY;
    expect(await read(1)).toMatchObject({ kind: 'timeout', tookMs: expect.closeTo(50, -1) });
    await clock.advance(600);
    // the next silence is given the whole time
    expect(await read(1)).toMatchObject({ kind: 'timeout', tookMs: expect.closeTo(1000, -1) });
  });

  test.each([1, 2, 3, 4, 5])(
    'and is slow once in a while loses a poll or two in 5000, and is never lost (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const clock = new VirtualClock();
      const { read, lost } = line(clock, () => (random.next() < 0.02 ? 800 : random.integer(10, 40)), {
        minTimeoutMs: 50,
      });
      let failed = 0;
      for (let reads = 0; reads < 5000; reads++) {
        if (reads % 50 === 0) await read(2);
        if ((await read(1)).kind !== 'values') {
          failed++;
          await clock.advance(1000);
        }
      }
      expect(failed).toBeLessThanOrEqual(2);
      expect(lost).toEqual([]);
    },
  );

  test('is given its whole timeout when it is not to learn', async () => {
    const clock = new VirtualClock();
    let tookMs = 20;
    const { read } = line(clock, () => tookMs, undefined);
    for (let reads = 0; reads < 25; reads++) await Promise.all([await read(1), await read(2)]);
    tookMs = 900;
    expect((await read(1)).kind).toBe('values');
  });
});
