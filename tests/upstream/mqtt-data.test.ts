import { expect, it } from 'vitest';
import { createBatch } from '../../edge/core/batch.ts';
import { Quality } from '../../edge/core/quality.ts';
import { TagTable, vacantTag } from '../../edge/core/tag.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { dataMessage } from '../../edge/upstream/mqtt-json/messages.ts';

it('puts the text itself beside numbers into a data message, and null where it could not be read', () => {
  const tags = new TagTable(
    ['flow', 'serial', 'name'].map((point) => ({ ...vacantTag, name: `ps-1/${point}`, point })),
  );
  const batch = createBatch('ps-1', 3, 0, new Map([[1, '泵7号']]));
  batch.tags.set([0, 1, 2]);
  batch.values.set([12.5, textValue('泵7号'), Number.NaN]);
  batch.quality.set([Quality.good, Quality.good, Quality.device]);
  batch.times.fill(Date.UTC(2026, 0, 15, 8));
  const { topic, payload } = dataMessage({ prefix: 'lifeline', gateway: 'hrb-07' }, batch, tags, 0);
  expect(topic).toBe('lifeline/hrb-07/data/ps-1');
  expect(JSON.parse(String(payload))).toEqual({
    t: '2026-01-15T08:00:00.000Z',
    values: { 'ps-1/flow': [12.5, 'good'], 'ps-1/serial': ['泵7号', 'good'], 'ps-1/name': [null, 'device'] },
  });
});
