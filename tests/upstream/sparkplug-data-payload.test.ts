import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { DataPayload } from '../../edge/upstream/sparkplug/data-payload.ts';
import { loadCodec, type Metric, type PayloadCodec } from '../../edge/upstream/sparkplug/payload.ts';
import { readPayload } from './sparkplug-wire.ts';

let codec: PayloadCodec;
beforeAll(async () => {
  codec = await loadCodec();
});

const whole = fc.oneof(
  fc.nat({ max: 300 }),
  fc.maxSafeNat(),
  fc.constantFrom(0, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 32),
);
const head = { alias: whole, timestamp: whole };
const metric: fc.Arbitrary<Metric> = fc
  .tuple(
    fc.oneof(
      fc.record({ ...head, floatValue: fc.float({ noNaN: true }) }),
      fc.record({ ...head, doubleValue: fc.double({ noNaN: true }) }),
      fc.record({ ...head, stringValue: fc.string({ maxLength: 300 }) }),
    ),
    fc.boolean(),
  )
  .map(([one, historical]) => (historical ? { ...one, isHistorical: true } : one));

function put(payload: DataPayload, one: Metric): void {
  const { alias, timestamp = 0, isHistorical = false, floatValue, doubleValue } = one;
  if (floatValue !== undefined) payload.float(Number(alias), timestamp, isHistorical, floatValue);
  else if (doubleValue !== undefined) payload.double(Number(alias), timestamp, isHistorical, doubleValue);
  else payload.metric(codec.encodeMetric(one));
}

it('writes the bytes that the encoder by the published schema writes, one payload after another', () => {
  const payload = new DataPayload();
  fc.assert(
    fc.property(whole, fc.array(metric, { maxLength: 40 }), fc.nat({ max: 255 }), (timestamp, metrics, seq) => {
      payload.begin(timestamp);
      for (const one of metrics) put(payload, one);
      expect(payload.finish(seq).toString('hex')).toBe(codec.encode({ timestamp, metrics, seq }).toString('hex'));
    }),
    { numRuns: 500 },
  );
});

it('makes room as it goes, and keeps nothing of it between payloads', () => {
  const payload = new DataPayload();
  for (const count of [5_000, 3]) {
    payload.begin(1_790_000_000_000);
    for (let row = 0; row < count; row++) payload.float(row + 1, 1_790_000_000_000 + row, false, row / 4);
    const { metrics, seq } = readPayload(payload.finish(7));
    expect([metrics.length, seq]).toEqual([count, 7]);
    expect(metrics.at(-1)).toMatchObject({
      alias: count,
      timestamp: 1_790_000_000_000 + count - 1,
      value: (count - 1) / 4,
    });
  }
});
