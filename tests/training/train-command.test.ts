import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeModels } from '../../edge/cli/train/write-models.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { silentLog } from '../../edge/core/log.ts';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable, vacantTag } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { parseSiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import { openStore } from '../../edge/store/store.ts';
import type { StepGrid } from '../../models/training/step-grid.ts';
import { inThread } from '../../simulator/exam/thread.ts';
import { killAll, lifeline } from '../gateway/processes.ts';
import { plantGrid } from './plant.ts';
import { site } from './site.ts';

afterAll(killAll);

/** The plant's signals in the store of a gateway, a bad sample among every hundred. */
async function writeHistory(dir: string, grid: StepGrid): Promise<void> {
  const names = ['flow', 'suction', 'discharge', 'power'];
  const places = [0, 2, 1, 3];
  const tags = new TagTable(
    names.map((point) => ({ ...vacantTag, name: `ps/${point}`, device: 'ps', point, periodMs: 60_000 })),
  );
  const clock = new VirtualClock(grid.timeMs(0));
  const store = await openStore({ dir, tags, clock, random: seededRandom(1), log: silentLog });
  for (let step = 0; step < grid.steps; step++) {
    const batch = createBatch('ps', names.length, clock.wallMs());
    for (const [tag, place] of places.entries()) {
      const bad = (step + tag) % 100 === 7;
      batch.tags[tag] = tag;
      batch.values[tag] = bad ? Number.NaN : grid.columns[place]![step]!;
      batch.quality[tag] = bad ? Quality.comm : Quality.good;
      batch.times[tag] = grid.timeMs(step) - 1000;
    }
    store.history.append(batch);
    await clock.advance(60_000);
  }
  await store.close();
}

describe('lifeline train', () => {
  it('learns from a CSV export, writes whole versions one after the other, and says what it left out', async () => {
    const { folder, config, csv } = await site();
    const train = () => lifeline('train', '-c', config, '--from', csv, '--json').ended;
    const first = await train();
    expect(first.code, first.stderr).toBe(0);
    const report = JSON.parse(first.stdout);
    expect(report.notes).toEqual(['columns that are no point of an asset: visitor']);
    expect(report.assets).toMatchObject([
      { asset: 'ps-1', version: 1, inputs: ['flow', 'suction-pressure', 'discharge-pressure', 'power'] },
      { asset: 'tank-1', error: { code: 'LL-PAST-INPUTS' } },
    ]);
    const second = await train();
    expect(JSON.parse(second.stdout).assets[0].version).toBe(2);
    expect((await readdir(join(folder, 'learned'))).sort()).toEqual(['ps-1']);
    expect((await readdir(join(folder, 'learned/ps-1'))).sort()).toEqual(['1', '2']);
    const read = (version: number, name: string) => readFile(join(folder, 'learned/ps-1', `${version}`, name));
    expect((await read(1, 'model.onnx')).equals(await read(2, 'model.onnx'))).toBe(true);
    const manifest = parseSiteManifest(String(await read(2, 'manifest.json')));
    expect(manifest).toMatchObject({ counter: 2, utcOffsetMinutes: 480, stepS: 300, assetType: 'water.pump-station' });
    expect(manifest.training['first']).toBe('2026-01-05T00:05:00.000Z');
    expect(String(await read(2, 'card.md'))).toContain('Model `ps-1`, version 2');
  });

  it("learns from the gateway's own history as from an export of the same values, bad ones left out", async () => {
    const grid = plantGrid(1, 4, undefined, 60);
    const { folder, config, csv } = await site('', grid);
    const data = join(folder, 'data');
    await writeHistory(data, grid);
    const [own, exported] = [
      ['--data', data],
      ['--from', csv],
    ].map((from) =>
      lifeline('train', '-c', config, ...(from as string[]), '--out', join(folder, `${from[0]}`), '--json'),
    );
    const figures = JSON.parse((await own!.ended).stdout).assets[0];
    const wanted = JSON.parse((await exported!.ended).stdout).assets[0];
    expect(figures.inputs).toEqual(wanted.inputs);
    expect(Math.abs(figures.limit / wanted.limit - 1)).toBeLessThan(0.5);
  });

  it.each([
    [['--from', 'nowhere.csv'], 'LL-PAST-READ'],
    [['--asset', 'ps-2'], 'LL-PAST-ASSET'],
    [['--data', 'nowhere'], 'LL-PAST-READ'],
  ])('%j is refused with a code, exit 1, and nothing is written', async (options, code) => {
    const { folder, config } = await site();
    const { stderr, code: exit } = await lifeline('train', '-c', config, ...options).ended;
    expect(stderr).toContain(code);
    expect(exit).toBe(1);
    expect(existsSync(join(folder, 'learned'))).toBe(false);
  });

  it('trains one autoencoder for a kind when asked to, as a version beside the linear one, and knows no third model', async () => {
    const { folder, config, csv } = await site();
    const train = (model: string) => lifeline('train', '-c', config, '--from', csv, '--model', model, '--json').ended;
    const { code, stdout, stderr } = await train('autoencoder');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).assets).toMatchObject([
      { asset: 'ps-1', version: 1, inputs: ['flow', 'suction-pressure', 'discharge-pressure', 'power'] },
      { asset: 'tank-1', error: { code: 'LL-PAST-INPUTS' } },
    ]);
    const read = (name: string) => readFile(join(folder, 'learned/ps-1/1', name), 'utf8');
    expect(parseSiteManifest(await read('manifest.json'))).toMatchObject({ kind: 'autoencoder', stepS: 300 });
    expect(await read('card.md')).toContain('the autoencoder of water.pump-station, learnt over 1 of them');
    const unknown = await train('forest');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('linear');
  });

  it('leaves excluded stretches out, and nothing when all is excluded', async () => {
    const { config, csv } = await site();
    const train = (span: string) => lifeline('train', '-c', config, '--from', csv, '--json', '--exclude', span).ended;
    const some = JSON.parse((await train('2026-01-06 08:00..2026-01-07 08:00')).stdout);
    expect(some.notes.at(-1)).toBe('288 of 2880 steps excluded');
    const all = await train('2026-01-01..2026-02-01');
    expect(all.code).toBe(1);
    expect(JSON.parse(all.stdout).assets[0].error.code).toBe('LL-PAST-INPUTS');
  });

  it.each(['linear', 'autoencoder'])(
    'leaves nothing behind when it is broken off while it learns (%s)',
    async (model) => {
      const { folder, config } = await site();
      const stopping = new AbortController();
      const past = { config, from: join(folder, 'scada.csv'), data: 'data', seed: 1 };
      const work = { past, model, assets: [], versions: {} };
      const beside = new URL('../../edge/cli/train.ts', import.meta.url).href;
      const heard = () => stopping.abort();
      await expect(inThread(beside, 'train/training-thread', work, heard, stopping.signal)).rejects.toThrow('aborted');
      expect((await readdir(folder)).sort()).toEqual(['gateway.yaml', 'ps.csv', 'scada.csv']);
    },
  );

  it('takes back versions that it wrote before one that cannot be written', async () => {
    const { folder } = await site();
    const models = join(folder, 'learned');
    await mkdir(join(models, 'b/1/in-the-way'), { recursive: true });
    const files = { 'model.onnx': new Uint8Array(10) };
    const versions = ['a', 'b'].map((asset) => ({ asset, version: 1, files }));
    await expect(writeModels(models, versions)).rejects.toMatchObject({ code: 'LL-PAST-WRITE' });
    expect(await readdir(join(models, 'a'))).toEqual([]);
    expect(await readdir(join(models, 'b'))).toEqual(['1']);
  });
});
