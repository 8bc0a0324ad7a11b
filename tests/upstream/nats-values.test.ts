import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Asset } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { Quality } from '../../edge/core/quality.ts';
import { TagTable, vacantTag } from '../../edge/core/tag.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { belongingsOf, valuesMessages } from '../../edge/upstream/nats/values.ts';

const points = ['flow', 'p-out', 'serial', 'methane'];
const tags = new TagTable(points.map((point) => ({ ...vacantTag, name: `ps-3/${point}`, device: 'ps-3', point })));
const asset = (type: string, grid: string, roles: Record<string, number>): Asset => ({
  ...{ id: type, type, name: type, grid, location: undefined, upstreamOf: [], roles },
});
const belongings = belongingsOf([
  asset('water.district', '230103005012', { inflow: 0, pressure: 1 }),
  asset('gallery.compartment', 'A7', { methane: 3, pressure: 1 }),
]);
const at = { prefix: 'lifeline', gateway: 'hrb-07', tags, belongings };
const nowMs = Date.UTC(2026, 0, 15, 8);

function batch(rows: readonly (readonly [tag: number, value: number, offsetMs?: number, quality?: number])[]) {
  const made = createBatch('ps-3', rows.length, nowMs, new Map([[2, '泵7号']]));
  rows.forEach(([tag, value, offsetMs = 0, quality = 0], row) => {
    [made.tags[row], made.values[row], made.times[row], made.quality[row]] = [tag, value, nowMs + offsetMs, quality];
  });
  return made;
}

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`golden/nats/${name}.json`, import.meta.url), 'utf8'));

it.each([
  ['live', false, batch([[0, 12.5], [1, Number.NaN, 0, Quality.comm], [2, textValue('泵7号')], [3, 0.2]])], // biome-ignore format: samples
  ['historical', true, batch([[0, 12.5], [0, 12.75, 1_000], [1, 3.1, 250], [0, 13, 2_000, Quality.stuck], [3, 0]])], // biome-ignore format: samples
] as const)('values go by utility and district, compact: %s', (name, historical, samples) => {
  const messages = valuesMessages(samples, { ...at, historical });
  expect(messages.map(({ subject, payload }) => ({ subject, body: JSON.parse(payload) }))).toEqual(golden(name));
});

it('gives the same values the same id, and others another one', () => {
  const idsOf = (value: number, historical = false) =>
    valuesMessages(batch([[0, value], [3, 1]]), { ...at, historical }).map(({ id }) => id); // biome-ignore format: samples
  expect(idsOf(1)).toEqual(idsOf(1));
  const ids = [...idsOf(1), ...idsOf(2), ...idsOf(1, true)];
  expect(ids.every((id) => /^hrb-07\/values\/[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(5); // methane is 1 twice
});

it('splits what would be larger than a server takes, and loses no sample', () => {
  const count = 9_000;
  const rows = Array.from({ length: count }, (_, index) => [0, index, index] as const);
  const messages = valuesMessages(batch(rows), { ...at, historical: true });
  expect(messages.map(({ payload }) => payload.length < 1_000_000)).toEqual([true, true, true]);
  const values = messages.flatMap(({ payload }) => JSON.parse(payload).tags['ps-3/flow'].values as number[]);
  expect(values).toEqual(rows.map(([, value]) => value));
});
