import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createBatch } from '../../edge/core/batch.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { Quality } from '../../edge/core/quality.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { AliasBook } from '../../edge/upstream/sparkplug/alias-book.ts';
import { announce } from '../../edge/upstream/sparkplug/announcement.ts';
import { AssetTemplates } from '../../edge/upstream/sparkplug/asset-templates.ts';
import { deviceBirth, deviceDeath, nodeBirth, nodeDeath } from '../../edge/upstream/sparkplug/certificates.ts';
import { DataPayload } from '../../edge/upstream/sparkplug/data-payload.ts';
import { Metrics } from '../../edge/upstream/sparkplug/metrics.ts';
import { loadCodec, type PayloadCodec } from '../../edge/upstream/sparkplug/payload.ts';
import { plantAsset, plantTags } from './sparkplug-plant.ts';
import { readPayload } from './sparkplug-wire.ts';

const nowMs = Date.UTC(2026, 0, 15, 8);

/** Samples of the plant: a number each, NaN with its quality, a text. */
function samples() {
  const batch = createBatch('ps-3', 8, nowMs, new Map([[5, '泵7号']]));
  batch.tags.set([0, 1, 2, 3, 4, 5, 6, 7]);
  batch.values.set([12.5, 2.3, -5, -5_000_000_000, 1, textValue('泵7号'), Date.UTC(2025, 5, 1), Number.NaN]);
  batch.quality.set([0, Quality.stuck, 0, 0, 0, 0, 0, Quality.device]);
  batch.times.fill(nowMs - 250);
  return batch;
}

async function payloads(codec: PayloadCodec): Promise<Record<string, Buffer>> {
  const tags = new TagTable(plantTags);
  const live = new LiveTable(tags.size);
  live.write(samples());
  const memory = { load: () => Promise.resolve(new Map<string, string>()), save: () => Promise.resolve() };
  const announcement = await announce(tags, ['ps-3', 'ps-4'], () => true, new AliasBook(memory, silentLog));
  const metrics = new Metrics(announcement, live, codec);
  const data = (historical: boolean, seq: number) => {
    const payload = new DataPayload();
    payload.begin(nowMs);
    metrics.data(samples(), 0, 8, historical, payload);
    return payload.finish(seq);
  };
  const parts = { announcement, metrics, templates: new AssetTemplates([plantAsset], tags, live) };
  return {
    ndeath: codec.encode(nodeDeath(7, nowMs)),
    nbirth: codec.encode(nodeBirth(parts, 7, nowMs)),
    dbirth: codec.encode(deviceBirth(parts, 'ps-3', 1, nowMs)),
    ddata: data(false, 2),
    'ddata-historical': data(true, 3),
    ddeath: codec.encode(deviceDeath(4, nowMs)),
  };
}

it('makes the payloads that lie in golden/sparkplug, byte by byte, and they read as is told beside them', async () => {
  for (const [name, bytes] of Object.entries(await payloads(await loadCodec()))) {
    const golden = JSON.parse(await readFile(new URL(`golden/sparkplug/${name}.json`, import.meta.url), 'utf8'));
    expect(bytes.toString('hex'), name).toBe(golden.hex);
    const read = readPayload(bytes);
    const plain = JSON.parse(JSON.stringify(read, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)));
    expect(plain, name).toEqual(golden.reads);
  }
});
