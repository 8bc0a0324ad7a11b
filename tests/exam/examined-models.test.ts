import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examinedModels } from '../../edge/cli/exam/examined-models.ts';
import { parseState } from '../../edge/detection/learned/shelf-state.ts';

describe('learned models that are examined', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lifeline-examined-models-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function shelve(asset: string, version: string): Promise<void> {
    const place = join(folder, 'from', asset, version);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'manifest.json'), `${asset} ${version}`);
  }

  it('are the newest of each asset, in charge whatever was promoted, in a copy', async () => {
    for (const version of ['2', '10']) await shelve('ps-1', version);
    await shelve('dma-1', '1');
    await mkdir(join(folder, 'from', 'tank-1'));
    await writeFile(join(folder, 'from', 'state.json'), 'promoted long ago');
    await examinedModels(join(folder, 'from'), join(folder, 'into'));
    const { models } = parseState(await readFile(join(folder, 'into', 'state.json'), 'utf8'));
    expect(Object.entries(models).map(([asset, { active, shadow }]) => [asset, active, shadow])).toEqual(
      expect.arrayContaining([
        ['ps-1', 10, null],
        ['dma-1', 1, null],
      ]),
    );
    expect(Object.keys(models)).toHaveLength(2);
    expect(await readFile(join(folder, 'into', 'ps-1', '10', 'manifest.json'), 'utf8')).toBe('ps-1 10');
    expect(await readFile(join(folder, 'from', 'state.json'), 'utf8')).toBe('promoted long ago');
  });

  it.each([
    ['is empty', []],
    ['has assets without a version', ['ps-1']],
  ])('are refused by code when their folder %s, and nothing is written', async (_, assets) => {
    for (const asset of assets) await mkdir(join(folder, 'from', asset), { recursive: true });
    await expect(examinedModels(join(folder, 'from'), join(folder, 'into'))).rejects.toMatchObject({
      code: 'LL-EXAM-MODELS',
    });
    expect(await readdir(folder)).not.toContain('into');
  });
});
