import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import type { LearnedOptions, LearnedStatus } from '../../edge/detection/learned/learned-models.ts';
import type { OperatingModes } from '../../edge/detection/learned/operating-modes.ts';
import { type ModelDay, parseRecord, recordText, totalOf } from '../../edge/detection/learned/record.ts';
import { manifestText, type SiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import { trainAsset } from '../../models/training/site-model.ts';
import { historyOf, plantGrid } from '../training/plant.ts';
import { bench, startMs } from './plant.ts';

const roles = ['flow', 'pressure', 'level', 'running'] as const;
const stepS = 300;

/** Ten days of the station that end where the detection begins; then normal life that it has not seen. */
const history = plantGrid(1, 10, undefined, stepS);
const life = plantGrid(2, 10, undefined, stepS);

/** A models folder with versions 1 and 2 of `a-1`, version 2 trained on other days. */
function modelsFolder(state: Readonly<Record<string, unknown>>, more: Partial<SiteManifest> = {}): LearnedOptions {
  const folder = mkdtempSync(join(tmpdir(), 'lifeline-learned-'));
  for (const [version, grid] of [history, plantGrid(3, 10, undefined, stepS)].entries()) {
    const training = trainAsset({ ...historyOf(grid), asset: 'a-1', assetType: 'test.thing', version: version + 1 });
    if ('refused' in training) throw new Error(training.refused);
    const place = join(folder, 'a-1', `${version + 1}`);
    mkdirSync(place, { recursive: true });
    const inputs = training.manifest.inputs.map((input) => (input.role === '' ? input : { ...input, unit: 'kPa' }));
    writeFileSync(join(place, 'manifest.json'), manifestText({ ...training.manifest, inputs, ...more }));
    writeFileSync(join(place, 'model.onnx'), training.onnx);
  }
  writeState(folder, state);
  return { folder, recordFile: join(folder, 'record.json'), trustedKeys: [], allowUnsigned: true };
}

const writeState = (folder: string, state: Readonly<Record<string, unknown>>) =>
  writeFileSync(join(folder, 'state.json'), JSON.stringify({ schema: 'lifeline-models/1', models: { 'a-1': state } }));

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const detection of running.splice(0)) await detection.stop();
});

interface Started extends ReturnType<typeof bench> {
  steps(count: number, spoil?: (values: number[]) => void, quality?: number): Promise<void>;
  status(): readonly LearnedStatus[];
  /** The next step. */
  at(): number;
}

/**
 * A detection with learned models, moved along step by step; `spoil` changes what the station says.
 * @param more.after one that it goes on from, as after a restart
 */
function start(
  learned: LearnedOptions,
  more: { readonly judged?: number; readonly safety?: readonly string[]; readonly after?: Started } = {},
): Started {
  const { judged = 1, safety = [], after } = more;
  const time = after ? { clock: after.clock } : {};
  const judgedOf = (claim: string) => (claim === 'a-1/unusual' ? judged : 1);
  const plant = bench({ roles, safety, parts: { learned, judged: judgedOf, ...time } });
  const made = { ...plant, ...time };
  running.push(made.detection);
  if (after) made.detection.restore(JSON.parse(JSON.stringify(after.detection.snapshot())));
  // the hour at which the bench begins
  let at = after?.at() ?? ((startMs / 1000) % 86_400) / stepS - 1;
  const steps = async (
    count: number,
    spoil: (values: number[]) => void = () => undefined,
    quality: number = Quality.good,
  ) => {
    for (const until = at + count; at < until; at++) {
      const values = roles.map((_, role) => life.columns[role]![at]!);
      spoil(values);
      made.send(Object.fromEntries(roles.map((role, place) => [role, values[place]!])), quality);
      made.detection.tick();
      await made.detection.idle();
      await made.clock.advance(stepS * 1000);
    }
  };
  const status = () => made.detection.status().learned;
  return { ...made, steps, status, at: () => at };
}

const leak = (values: number[]) => {
  values[1]! -= 0.02;
};

describe('learned models in the gateway', () => {
  it('say nothing in normal life, and name the signals when these do not fit each other any more', async () => {
    const { steps, findings, status, notices, detection } = start(modelsFolder({ active: 1 }));
    await detection.idle();
    await steps(200);
    expect(notices).toEqual([]);
    expect(findings).toEqual([]);
    expect(status()).toMatchObject([{ asset: 'a-1', shadow: false, state: 'ready', outOfModel: false }]);
    expect(status()[0]!.runs).toBe(198);
    await steps(20, leak);
    expect(findings).toMatchObject([{ asset: 'a-1', kind: 'unusual', from: 'learned-model', active: true }]);
    expect(findings[0]!.score).toBeGreaterThanOrEqual(0.5);
    expect(findings[0]!.evidence[0]!.tag).toMatch(/^plc\/(pressure|flow)$/);
    expect(Object.keys(findings[0]!.decision!)).toEqual(expect.arrayContaining(['model', 'pressure']));
    await steps(80);
    expect(findings.map(({ active }) => active)).toEqual([true, false]);
  });

  it('go on after a restart with the steps that they look back on, unless a step was missed meanwhile', async () => {
    const learned = modelsFolder({ active: 1 });
    const first = start(learned);
    await first.detection.idle();
    await first.steps(20);
    expect(first.status()[0]!.runs).toBe(18);
    const second = start(learned, { after: first });
    await second.detection.idle();
    await second.steps(10);
    expect(second.status()[0]!.runs).toBe(10);
    await second.clock.advance(2 * stepS * 1000);
    const third = start(learned, { after: second });
    await third.detection.idle();
    await third.steps(10);
    expect(third.status()[0]!.runs).toBe(8);
  });

  it('are held to limits as wide as verdicts make them, narrower ones and safety left out', async () => {
    const claimedAt = async (judged: number, safety: string[] = []) => {
      const { steps, findings, status, detection } = start(modelsFolder({ active: 1 }), { judged, safety });
      await detection.idle();
      await steps(200);
      const score = status()[0]!.score;
      await steps(20, (values) => {
        values[1]! -= 0.0032;
      });
      return { score, claims: findings.length, ratio: status()[0]!.score };
    };
    const [usual, wider, narrower, safe] = await Promise.all([
      claimedAt(1),
      claimedAt(2),
      claimedAt(0.7),
      claimedAt(2, ['unusual']),
    ]);
    expect(usual.ratio).toBeGreaterThan(1);
    expect(usual.ratio).toBeLessThan(2);
    expect([usual, wider, narrower, safe].map(({ claims }) => claims)).toEqual([1, 0, 1, 1]);
    expect(wider.score).toBeCloseTo(usual.score / 2, 6);
    expect(narrower.ratio).toBe(usual.ratio);
  });

  it('give no verdict on signals that are missing, nor out of what they were trained on, which is shown', async () => {
    const { steps, findings, status, detection } = start(modelsFolder({ active: 1 }));
    await detection.idle();
    await steps(10);
    const before = status()[0]!.runs;
    await steps(10, leak, Quality.comm);
    expect(status()[0]!.runs).toBe(before);
    await steps(10, (values) => {
      for (const place of [0, 1, 2]) values[place]! *= 5;
    });
    expect(status()).toMatchObject([{ outOfModel: true, runs: before }]);
    expect(findings).toEqual([]);
    const { 'a-1': during } = detection.status().outOfModel;
    // two rows still reach back to what was missing
    expect(during).toMatchObject({ now: true, outside: 8 });
    expect(Object.keys(during!.beyond).sort()).toEqual(['flow', 'level', 'pressure']);
    await steps(10);
    expect(status()).toMatchObject([{ outOfModel: false }]);
    const { 'a-1': after } = detection.status().outOfModel;
    expect(after).toMatchObject({ now: false, outside: 8 });
    expect(after!.minutes).toBeGreaterThan(during!.minutes);
  });

  it('count as out of model only where they decide: a shadow has no say in that either', async () => {
    const { steps, status, detection } = start(modelsFolder({ shadow: 1 }));
    await detection.idle();
    await steps(10, (values) => {
      for (const place of [0, 1, 2]) values[place]! *= 5;
    });
    expect(status()).toMatchObject([{ shadow: true, outOfModel: true }]);
    expect(detection.status().outOfModel).toEqual({});
  });

  it('give no verdict in a mode they were not trained in, which is out of model, nor while one mode goes over into another', async () => {
    const modes: OperatingModes = { roles: ['running'], by: 'combination', known: [[1]], settleSteps: 4 };
    const { steps, findings, status, detection } = start(modelsFolder({ active: 1 }, { modes }));
    await detection.idle();
    const running = (value: number) => (values: number[]) => {
      values[3] = value;
    };
    await steps(10, running(1));
    const before = status()[0]!.runs;
    // two rows to reach back to, three more in which the state must stand
    expect(before).toBe(5);
    await steps(3, running(0));
    expect(status()).toMatchObject([{ outOfModel: false, runs: before }]);
    await steps(7, running(0));
    expect(status()).toMatchObject([{ outOfModel: true, runs: before }]);
    await steps(3, running(1));
    expect(status()).toMatchObject([{ runs: before }]);
    await steps(1, running(1));
    expect(status()).toMatchObject([{ outOfModel: false, runs: before + 1 }]);
    expect(detection.status().outOfModel['a-1']).toMatchObject({ now: false, outside: 7, unseenModes: ['running=0'] });
    expect(findings).toEqual([]);
  });

  it('propose training by alarm and status when their outputs have changed for good, and change nothing by themselves', async () => {
    // bounds so low that all of normal life lies in the topmost tenth
    const learned = modelsFolder({ active: 1 }, { outputDeciles: Array.from({ length: 9 }, (_, at) => at * 1e-9) });
    const { steps, findings, status, detection } = start(learned);
    await detection.idle();
    await steps(450);
    expect(status()).toMatchObject([{ drifting: false }]);
    expect(findings).toEqual([]);
    await steps(100);
    expect(status()).toMatchObject([{ drifting: true, state: 'ready' }]);
    expect(findings).toMatchObject([{ asset: 'a-1', kind: 'model-drift', from: 'learned-model', active: true }]);
    expect(detection.status().active).toEqual(['a-1/model-drift']);
    const state = JSON.parse(readFileSync(join(learned.folder, 'state.json'), 'utf8'));
    expect(state.models).toEqual({ 'a-1': { active: 1 } });
    expect(readdirSync(join(learned.folder, 'a-1')).sort()).toEqual(['1', '2']);
  });

  it('in shadow are scored and recorded, without a say, and compared with the one that decides', async () => {
    const learned = modelsFolder({ active: 1, shadow: 2 });
    const { steps, findings, detection } = start(learned);
    await detection.idle();
    await steps(60);
    await steps(20, leak);
    await steps(100);
    await detection.stop();
    expect(findings.map(({ decision, active }) => [decision!['model'], active])).toEqual([
      ['version 1', true],
      ['version 1', false],
    ]);
    const record = parseRecord(readFileSync(learned.recordFile!, 'utf8'));
    expect(record.map(({ asset, version }) => [asset, version])).toEqual([
      ['a-1', 1],
      ['a-1', 2],
    ]);
    expect(totalOf(record[1]!)).toMatchObject({ rows: 178, missing: 2, activeEpisodes: 1, agreed: 1 });
    const alone = start(modelsFolder({ shadow: 1 }));
    await alone.detection.idle();
    await alone.steps(20, leak);
    expect(alone.findings).toEqual([]);
  });

  it('are changed for others while the gateway runs, and an end is put to what the old one claimed', async () => {
    const learned = modelsFolder({ active: 1 });
    const { steps, findings, status, detection } = start(learned);
    await detection.idle();
    await steps(10);
    await steps(20, leak);
    writeState(learned.folder, { active: null });
    await steps(2);
    expect(status()).toEqual([]);
    expect(findings.map(({ active }) => active)).toEqual([true, false]);
    writeState(learned.folder, { active: 2 });
    await steps(3);
    expect(status()).toMatchObject([{ version: '2', state: 'ready' }]);
  });

  it('are bypassed with a code when unsigned, and when the state cannot be read those in use go on', async () => {
    const learned = modelsFolder({ active: 1 });
    const refused = start({ ...learned, allowUnsigned: false });
    await refused.detection.idle();
    expect(refused.notices.map(({ code }) => code)).toEqual(['LL-MODEL-UNSIGNED']);
    expect(refused.status()).toMatchObject([{ state: 'refused', code: 'LL-MODEL-UNSIGNED' }]);
    const { steps, notices, status, detection } = start(learned);
    await detection.idle();
    writeFileSync(join(learned.folder, 'state.json'), '{"schema":');
    await steps(3);
    expect(notices.map(({ code }) => code)).toEqual(['LL-MODEL-STATE']);
    expect(status()).toMatchObject([{ state: 'ready' }]);
  });

  it('go on from where they stand over a change of the configuration', async () => {
    const learned = modelsFolder({ active: 1 });
    const before = start(learned);
    await before.detection.idle();
    await before.steps(10);
    await before.steps(20, leak);
    const after = start(learned);
    after.detection.takeOver(before.detection);
    await after.detection.idle();
    expect(after.status()[0]!.score).toBeCloseTo(before.status()[0]!.score, 9);
    expect(after.detection.status().active).toEqual(['a-1/unusual']);
    await after.steps(60);
    expect(after.findings.map(({ kind, active }) => [kind, active])).toEqual([['unusual', false]]);
  });
});

it('the station of these tests begins at a whole step', () => {
  expect(startMs % (stepS * 1000)).toBe(0);
});

describe('the shelf of models', () => {
  /** Three days in shadow as version 2 had them, before this start. */
  function past(learned: LearnedOptions, more: Partial<ModelDay> = {}): LearnedOptions {
    const none = { above: 0, missing: 0, outOfModel: 0, episodes: 0, activeEpisodes: 0, agreed: 0 };
    const day = { date: '2026-05-11', rows: 864, ...none, sum: 800, largest: 2, bins: new Array<number>(10).fill(86) };
    writeFileSync(learned.recordFile!, recordText([{ asset: 'a-1', version: 2, days: [{ ...day, ...more }] }]));
    return learned;
  }
  const roleOf = async ({ detection }: ReturnType<typeof start>) =>
    Object.fromEntries((await detection.models()).map(({ version, role }) => [version, role]));

  it('tells of each version what it is, what it did, and of a shadow how far its trial is', async () => {
    const plant = start(past(modelsFolder({ active: 1, shadow: 2 }), { rows: 100 }));
    await plant.detection.idle();
    await plant.steps(12);
    const [second, first] = await plant.detection.models();
    expect(first).toMatchObject({ version: 1, role: 'active', signed: false, trial: null, atWork: { state: 'ready' } });
    expect(second).toMatchObject({
      ...{ version: 2, role: 'shadow', past: { days: 2, rows: 110, episodes: 0 } },
      trial: { rows: 110, leastRows: 864, episodes: 0, mostEpisodes: 1, outOfModel: 0, mostOutOfModel: 2 },
    });
    expect(second!.first).toMatch(/^\d{4}-/);
  });

  it('lets a proven shadow decide at once, and the one before again', async () => {
    const plant = start(past(modelsFolder({ active: 1, shadow: 2 })));
    await plant.detection.idle();
    await plant.detection.changeModel({ change: 'promote', asset: 'a-1', version: 2 });
    expect(await roleOf(plant)).toEqual({ 2: 'active', 1: 'previous' });
    expect(plant.status()).toMatchObject([{ asset: 'a-1', shadow: false, state: 'ready' }]);
    await plant.detection.changeModel({ change: 'roll-back', asset: 'a-1', version: 2 });
    expect(await roleOf(plant)).toEqual({ 2: 'new', 1: 'active' });
    await plant.detection.changeModel({ change: 'shadow', asset: 'a-1', version: 2 });
    expect(await roleOf(plant)).toEqual({ 2: 'shadow', 1: 'active' });
    await plant.detection.changeModel({ change: 'unshadow', asset: 'a-1', version: 2 });
    expect(await roleOf(plant)).toEqual({ 2: 'new', 1: 'active' });
  });

  it('refuses by code what is unproven, and what is no longer as the person saw it', async () => {
    const plant = start(past(modelsFolder({ active: 1, shadow: 2 }), { rows: 863 }));
    await plant.detection.idle();
    const refusal = (change: 'promote' | 'roll-back' | 'shadow' | 'unshadow', version: number) =>
      plant.detection.changeModel({ change, asset: 'a-1', version }).catch((error: { code: string }) => error.code);
    expect(await refusal('promote', 2)).toBe('LL-MODEL-UNPROVEN');
    expect(await refusal('promote', 1)).toBe('LL-MODEL-VERSION');
    expect(await refusal('roll-back', 2)).toBe('LL-MODEL-VERSION');
    expect(await refusal('unshadow', 1)).toBe('LL-MODEL-VERSION');
    expect(await refusal('shadow', 7)).toBe('LL-MODEL-VERSION');
    expect(await roleOf(plant)).toEqual({ 2: 'shadow', 1: 'active' });
  });
});
