import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import { Judgement, type JudgementCode, nextPhase, Phase, type PhaseCode, stands } from '../../edge/detection/limit.ts';
import { bench, calibrationFile, limit } from './plant.ts';

const states = (findings: readonly { active: boolean }[]) => findings.map(({ active }) => active);

describe('a limit', () => {
  it('fires on the first value beyond it when no delay is asked, and clears beyond the hysteresis', async () => {
    const { second, findings } = bench({ roles: ['value'], limits: [limit({ hysteresis: 2 })] });
    for (const value of [9, 11, 9.5, 8.5, 7.9, 7]) await second({ value });
    expect(states(findings)).toEqual([true, false]);
    expect(findings[0]).toMatchObject({ asset: 'a-1', kind: 'high', from: 'limit', score: 1 });
    expect(findings[0]?.evidence[0]).toMatchObject({ tag: 'plc/value', observed: 11, expected: 10, unit: 'kPa' });
    expect(findings[1]?.evidence[0]?.observed).toBe(7.9);
  });

  it('waits its on-delay by sample time and starts again when the value comes back', async () => {
    const { second, findings, clock } = bench({ roles: ['value'], limits: [limit({ onDelayS: 5 })] });
    for (const value of [11, 11, 11, 9, 11, 11, 11, 11, 11]) await second({ value });
    expect(findings).toEqual([]);
    const decided = clock.wallMs();
    await second({ value: 11 });
    expect(findings[0]?.time).toBe(decided);
  });

  it('goes on counting its delay on a held value, as a source that reports only changes needs', async () => {
    const { second, findings } = bench({ roles: ['value'], limits: [limit({ onDelayS: 5, offDelayS: 3 })] });
    await second({ value: 11 });
    for (let count = 0; count < 6; count++) await second();
    expect(states(findings)).toEqual([true]);
    await second({ value: 2 });
    for (let count = 0; count < 4; count++) await second();
    expect(states(findings)).toEqual([true, false]);
  });

  it('does not count on while the value is stale', async () => {
    const { second, findings } = bench({ roles: ['value'], limits: [limit({ onDelayS: 5 })] });
    await second({ value: 11 });
    await second({ value: Number.NaN }, Quality.stale);
    for (let count = 0; count < 20; count++) await second();
    expect(findings).toEqual([]);
  });

  it('neither fires nor clears on what is not good', async () => {
    const { second, findings } = bench({ roles: ['value'], limits: [limit({})] });
    await second({ value: 200 }, Quality.outOfRange);
    await second({ value: Number.NaN }, Quality.comm);
    expect(findings).toEqual([]);
    await second({ value: 11 });
    await second({ value: Number.NaN }, Quality.comm);
    await second({ value: 1 }, Quality.uncertain);
    expect(states(findings)).toEqual([true]);
  });

  it('of safety fires on an over-range value, and only a good one clears it', async () => {
    const { second, findings } = bench({ roles: ['value'], limits: [limit({})], safety: ['high'] });
    await second({ value: 200 }, Quality.outOfRange);
    await second({ value: 1 }, Quality.substituted);
    expect(states(findings)).toEqual([true]);
    await second({ value: 1 });
    expect(states(findings)).toEqual([true, false]);
  });

  it('of safety still reads a tag that is distrusted as stuck', async () => {
    const tag = { differenceScale: 1, longestRun: 1, thereAndBack: 1 };
    const { detection, second, findings } = bench({
      roles: ['value'],
      limits: [limit({})],
      safety: ['high'],
      detectors: [{ detector: 'data-quality', kind: 'bad-data', options: {} }],
      parts: { calibrationFile: calibrationFile({ tags: { 'plc/value': tag } }) },
    });
    for (let count = 0; count < 100; count++) await second({ value: 5 });
    expect(detection.status().active).toEqual(['a-1/stuck']);
    await second({ value: 12 });
    expect(findings.at(-1)).toMatchObject({ kind: 'high', active: true });
  });

  it('holds only while its condition does; an unknown condition counts for safety alone', async () => {
    const conditional = limit({ when: { role: 'run', equals: 1 } });
    const plain = bench({ roles: ['value', 'run'], limits: [conditional] });
    await plain.second({ value: 11 });
    expect(plain.findings).toEqual([]);
    await plain.second({ run: 1, value: 11 });
    await plain.second({ run: 0, value: 11 });
    expect(states(plain.findings)).toEqual([true, false]);
    const safe = bench({ roles: ['value', 'run'], limits: [conditional], safety: ['high'] });
    await safe.second({ value: 11 });
    expect(states(safe.findings)).toEqual([true]);
  });

  it('shares one claim with the other limits of its kind on the asset', async () => {
    const limits = [limit({}), limit({ role: 'other' })];
    const { second, findings } = bench({ roles: ['value', 'other'], limits });
    await second({ value: 11, other: 11 });
    await second({ value: 1, other: 11 });
    expect(states(findings)).toEqual([true]);
    await second({ value: 1, other: 1 });
    expect(states(findings)).toEqual([true, false]);
  });

  it('sees every value of a batch that carries several samples of one tag', () => {
    const { send, findings } = bench({ roles: ['value'], limits: [limit({})] });
    for (const value of [1, 50, 1]) send({ value });
    expect(states(findings)).toEqual([true, false]);
  });

  it('comes back from a snapshot standing, without claiming again', async () => {
    const limits = [limit({ offDelayS: 2 })];
    const first = bench({ roles: ['value'], limits });
    await first.second({ value: 11 });
    const second = bench({ roles: ['value'], limits });
    second.detection.restore(JSON.parse(JSON.stringify(first.detection.snapshot())));
    await second.second({ value: 12 });
    expect(second.findings).toEqual([]);
    for (let count = 0; count < 4; count++) await second.second({ value: 1 });
    expect(states(second.findings)).toEqual([false]);
  });
});

describe('the machine of a limit', () => {
  /** Looks back over the whole record instead of keeping a state. */
  function oracle(judgements: readonly JudgementCode[], onS: number, offS: number): boolean {
    let active = false;
    let from = 0;
    for (let now = 0; now < judgements.length; now++) {
      const since = judgements.slice(from, now + 1).filter((code) => code !== Judgement.unknown);
      const breaks = active
        ? (code: JudgementCode) => code !== Judgement.clear
        : (code: JudgementCode) => code !== Judgement.beyond;
      let first = now;
      while (first >= from && !(judgements[first] !== Judgement.unknown && breaks(judgements[first] as JudgementCode)))
        first--;
      let start = first + 1;
      while (start <= now && judgements[start] === Judgement.unknown) start++;
      const turning = since.length > 0 && start <= now && judgements[now] !== Judgement.unknown;
      if (turning && now - start >= (active ? offS : onS)) {
        active = !active;
        from = now + 1;
      }
    }
    return active;
  }

  it('agrees with a look back over the whole record', () => {
    const code = fc.constantFrom<JudgementCode>(...Object.values(Judgement));
    fc.assert(
      fc.property(fc.array(code, { maxLength: 40 }), fc.nat(4), fc.nat(4), (judgements, onDelayS, offDelayS) => {
        let phase: PhaseCode = Phase.normal;
        let since = 0;
        for (const [second, judgement] of judgements.entries()) {
          const next = nextPhase(phase, judgement, second * 1000, since, limit({ onDelayS, offDelayS }));
          if (next !== phase) since = second * 1000;
          phase = next;
        }
        expect(stands(phase)).toBe(oracle(judgements, onDelayS, offDelayS));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
