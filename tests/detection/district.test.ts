import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import {
  type DecisionState,
  decide,
  type ModelVerdict,
  newDecisionState,
} from '../../edge/detection/district-decision.ts';
import { spawnModelWorker } from '../../edge/detection/model-thread.ts';
import { modelsFolder, type ReplayOptions, replay } from '../../models/training/replay.ts';

const startMs = Date.UTC(2026, 4, 12, 2, 0, 0);
const fastLs = 20;
const agrees: ModelVerdict = { score: 0.9, version: '1' };
const denies: ModelVerdict = { score: 0.1, version: '1' };
const bypassed: ModelVerdict = { bypassed: 'LL-MODEL-HASH' };

const reading = (evidence: number, riseLs = 30) => ({
  ...{ netLs: 100, expectedLs: 70, riseLs, balance: evidence, cusum: 0, jump: 0 },
});

/** Seconds of the same scan until the decision changes; Infinity when it has not within two minutes. */
function secondsToChange(state: DecisionState, of: ReturnType<typeof reading>, verdict: ModelVerdict): number {
  for (let second = 1; second <= 120; second++) if (decide(state, of, fastLs, verdict, 1, 1).changed) return second;
  return Number.POSITIVE_INFINITY;
}

describe('the decision', () => {
  it.each([
    ['agreed, at the limit', 1, agrees, 2],
    ['agreed, below the limit', 0.99, agrees, Number.POSITIVE_INFINITY],
    ['clear of the limit, model against', 1.1, denies, 7],
    ['at the limit, model against', 1.05, denies, Number.POSITIVE_INFINITY],
    ['clear of the limit, no model', 1.1, bypassed, 7],
    ['at the limit, no model', 1.05, bypassed, Number.POSITIVE_INFINITY],
    ['no number', Number.NaN, agrees, Number.POSITIVE_INFINITY],
  ])('%s', (_, evidence, verdict, seconds) => {
    expect(secondsToChange(newDecisionState(), reading(evidence), verdict)).toBe(seconds);
  });

  it.each([
    ['rise gone and balance closed', 0.5, 0.39 * fastLs, 15],
    ['balance still open', 1, 0, Number.POSITIVE_INFINITY],
    ['still a rise', 0.5, 0.41 * fastLs, Number.POSITIVE_INFINITY],
  ])('stands until it is over: %s', (_, evidence, riseLs, seconds) => {
    const state = { ...newDecisionState(), active: true };
    expect(secondsToChange(state, reading(evidence, riseLs), agrees)).toBe(seconds);
  });

  it('starts its hold anew after a scan without evidence', () => {
    const state = newDecisionState();
    for (let second = 0; second < 6; second++) decide(state, reading(1.5), fastLs, bypassed, 1, 1);
    decide(state, reading(0.5), fastLs, bypassed, 1, 1);
    expect(secondsToChange(state, reading(1.5), bypassed)).toBe(7);
  });

  it('is never surer than 0.8 without the model', () => {
    expect(decide(newDecisionState(), reading(9), fastLs, bypassed, 1, 1).score).toBe(0.8);
    expect(decide(newDecisionState(), reading(9), fastLs, agrees, 1, 1).score).toBeGreaterThan(0.95);
  });
});

const burst = (durationS: number): ReplayOptions => ({
  ...{ seed: 3, startMs, forS: 200, utilities: ['water'] },
  happenings: [{ id: 'b', kind: 'water.burst', target: 'dma-2', startMs: startMs + 60_000, durationS, magnitude: 70 }],
});
const of = (found: Awaited<ReturnType<typeof replay>>) =>
  found.findings.filter(({ from, asset }) => from === 'district-burst' && asset === 'dma-2');

/** A models folder with a district model that is spoilt. */
function spoilt(spoil: (folder: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'lifeline-'));
  cpSync(join(modelsFolder, 'water'), join(folder, 'water'), { recursive: true });
  spoil(join(folder, 'water'));
  return folder;
}

describe('a district', () => {
  it('lets its burst go when the balance has closed', async () => {
    const found = of(await replay(burst(60)));
    expect(found.map(({ active }) => active)).toEqual([true, false]);
    expect(found[1]?.decision?.['rule']).toMatch(/^balance closed for 15 s/);
    expect(found[1]!.time).toBeGreaterThanOrEqual(startMs + 120_000 + 15_000);
  });

  it('goes on where it was: a standing burst is not claimed again, and ends as without the restart', async () => {
    const whole = { ...burst(90), forS: 280 };
    const taken: { saved?: string } = {};
    const before = await replay({
      ...whole,
      onSecond: (second, detection) => {
        if (second === 100) taken.saved = JSON.stringify(detection.snapshot());
      },
    });
    expect(of(before).map(({ active }) => active)).toEqual([true, false]);
    const rest = { ...whole, gatewayStartsS: 100 };
    const after = await replay({
      ...rest,
      onSecond: (second, detection) => second === 100 && detection.restore(JSON.parse(taken.saved!)),
    });
    expect(of(after).map(({ active, time }) => [active, time])).toEqual([[false, of(before)[1]!.time]]);
    const fresh = await replay(rest);
    expect(of(fresh)[0]).toMatchObject({ active: true });
  });

  it.each([
    [
      'a changed byte',
      'LL-MODEL-HASH',
      (folder: string) => {
        const bytes = readFileSync(join(folder, 'district.onnx'));
        writeFileSync(join(folder, 'district.onnx'), bytes.with(100, bytes[100]! ^ 1));
      },
      /^bypassed \(LL-MODEL-HASH\)$/,
    ],
    [
      'an envelope that this city is outside of',
      undefined,
      (folder: string) => {
        const file = join(folder, 'district.manifest.json');
        const manifest = JSON.parse(readFileSync(file, 'utf8'));
        for (const input of manifest.inputs) if (input.name === 'inlet-pressure') input.envelope = { min: 5, max: 6 };
        writeFileSync(file, JSON.stringify(manifest));
      },
      /^bypassed \(out-of-model: inlet-pressure\)$/,
    ],
  ])('is watched by physics alone with %s', async (_, code, spoil, said) => {
    const seen = await replay({ ...burst(0), parts: { modelsFolder: spoilt(spoil) } });
    expect(seen.notices.map((notice) => notice.code)).toEqual(code ? [code] : []);
    expect(of(seen)).toMatchObject([{ active: true, kind: 'burst' }]);
    expect(of(seen)[0]?.decision?.['model']).toMatch(said);
    expect(of(seen)[0]?.decision?.['rule']).toMatch(/^physics alone/);
  });

  it('is watched by physics alone when the thread of the model has died', async () => {
    const workers: Worker[] = [];
    const spawn = () => {
      const worker = spawnModelWorker();
      workers.push(worker);
      return worker;
    };
    const seen = await replay({
      ...burst(0),
      parts: { spawn },
      onSecond: (second) => {
        if (second >= 58) for (const worker of workers.splice(0)) void worker.terminate();
      },
    });
    expect(seen.notices.map(({ code }) => code)).toContain('LL-MODEL-WORKER');
    expect(of(seen)).toMatchObject([{ active: true, kind: 'burst' }]);
    expect(of(seen)[0]?.decision?.['model']).toMatch(/^bypassed/);
  });
});
