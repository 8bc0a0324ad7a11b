import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPacks, parsePack } from '../../edge/config/packs.ts';
import { Quality } from '../../edge/core/quality.ts';
import {
  Judgement,
  type JudgementCode,
  judgeCrossings,
  nextPhase,
  noCrossings,
  Phase,
  type PhaseCode,
  stands,
  withSample,
} from '../../edge/detection/limit.ts';
import { bench, limit } from './plant.ts';

const states = (findings: readonly { active: boolean }[]) => findings.map(({ active }) => active);
const thrice = { count: { n: 3, withinS: 20 } };

describe('a limit that counts its crossings', () => {
  it('fires at the third crossing within its time, and tells how many there were', async () => {
    const { second, findings } = bench({ roles: ['value'], limits: [limit(thrice)] });
    for (const value of [11, 11, 1, 11, 1]) await second({ value });
    expect(findings).toEqual([]);
    await second({ value: 11 });
    expect(states(findings)).toEqual([true]);
    expect(findings[0]?.evidence).toEqual([{ tag: 'plc/value', observed: 3, expected: 3, unit: '', windowS: 20 }]);
  });

  it('lets be what crosses it as often in a longer time, and what stays beyond it', async () => {
    const { second, findings } = bench({ roles: ['value'], limits: [limit(thrice)] });
    for (let round = 0; round < 6; round++) {
      await second({ value: 11 });
      for (let count = 0; count < 11; count++) await second({ value: 1 });
    }
    for (let count = 0; count < 60; count++) await second({ value: 11 });
    expect(findings).toEqual([]);
  });

  it('counts a crossing once it has lasted, and only what came back beyond the hysteresis crosses again', async () => {
    const { second, findings } = bench({
      roles: ['value'],
      limits: [limit({ ...thrice, onDelayS: 2, hysteresis: 2 })],
    });
    for (const value of [11, 1, 11, 1, 11, 1]) await second({ value });
    for (const value of [11, 11, 11, 9, 11, 11, 11, 9, 11, 11, 11]) await second({ value });
    expect(findings).toEqual([]);
    for (const value of [7, 11, 11, 11, 7, 11, 11, 11]) await second({ value });
    expect(states(findings)).toEqual([true]);
  });

  it('ends when there are fewer within its time, by itself where only changes are reported', async () => {
    const { second, findings } = bench({ roles: ['value'], limits: [limit({ ...thrice, offDelayS: 5 })] });
    for (const value of [11, 1, 11, 1, 11]) await second({ value });
    for (let count = 0; count < 19; count++) await second();
    expect(states(findings)).toEqual([true]);
    for (let count = 0; count < 6; count++) await second();
    expect(states(findings)).toEqual([true, false]);
  });

  it('neither counts nor forgets on what is not good', async () => {
    const { second, findings } = bench({ roles: ['value'], limits: [limit(thrice)] });
    for (let count = 0; count < 5; count++) {
      await second({ value: 200 }, Quality.outOfRange);
      await second({ value: 1 });
    }
    expect(findings).toEqual([]);
    for (const value of [11, 1, 11, 1, 11]) await second({ value });
    for (let count = 0; count < 60; count++) await second({ value: Number.NaN }, Quality.comm);
    expect(states(findings)).toEqual([true]);
  });

  it('goes on with its count after a restart', async () => {
    const limits = [limit(thrice)];
    const first = bench({ roles: ['value'], limits });
    for (const value of [11, 1, 11, 1]) await first.second({ value });
    const second = bench({ roles: ['value'], limits });
    second.detection.restore(JSON.parse(JSON.stringify(first.detection.snapshot())));
    await second.clock.advance(5000);
    await second.second({ value: 11 });
    expect(states(second.findings)).toEqual([true]);
  });

  it('agrees with a look back over the whole record', () => {
    const code = fc.constantFrom<JudgementCode>(...Object.values(Judgement));
    const figures = fc.record({ n: fc.integer({ min: 2, max: 4 }), withinS: fc.integer({ min: 1, max: 15 }) });
    fc.assert(
      fc.property(
        fc.array(code, { maxLength: 60 }),
        figures,
        fc.nat(3),
        fc.nat(4),
        (codes, count, onDelayS, offDelayS) => {
          const own = limit({ count, onDelayS, offDelayS });
          let crossings = noCrossings;
          let [phase, since]: [PhaseCode, number] = [Phase.normal, 0];
          const stood = codes.map((judgement, second) => {
            crossings = withSample(crossings, judgement, second * 1000, own);
            const said = judgeCrossings(crossings, judgement, second * 1000, count);
            const next = nextPhase(phase, said, second * 1000, since, { onDelayS: 0, offDelayS });
            if (next !== phase) since = second * 1000;
            phase = next;
            return stands(phase);
          });
          expect(stood).toEqual(lookBack(codes, count, onDelayS, offDelayS));
        },
      ),
      { seed: 7, numRuns: 3000 },
    );
  });
});

/** Whether the alarm stands at each second: crossings found in the whole record, counted second by second. */
function lookBack(
  codes: readonly JudgementCode[],
  { n, withinS }: { readonly n: number; readonly withinS: number },
  onS: number,
  offS: number,
): readonly boolean[] {
  const known = codes
    .map((judgement, second) => ({ judgement, second }))
    .filter(({ judgement }) => judgement !== Judgement.unknown);
  const crossed: number[] = [];
  let run: number | undefined;
  let counted = false;
  for (const { judgement, second } of known) {
    if (judgement === Judgement.clear) counted = false;
    if (judgement !== Judgement.beyond) run = undefined;
    else run ??= second;
    if (run !== undefined && !counted && second - run >= onS) {
      crossed.push(second);
      counted = true;
    }
  }
  const enough = (second: number) => crossed.filter((at) => at <= second && at > second - withinS).length >= n;
  let active = false;
  let quietSince: number | undefined;
  return codes.map((judgement, second) => {
    if (judgement === Judgement.unknown) return active;
    quietSince = enough(second) || !active ? undefined : (quietSince ?? second);
    active = enough(second) || (quietSince !== undefined && second - quietSince < offS);
    return active;
  });
}

describe('packs', () => {
  it('count the starts of pumps and the drops of contactors, and never what is of safety', async () => {
    const { packs } = await loadPacks(join(import.meta.dirname, '..', '..', 'models'));
    const counted = [...packs.values()].flatMap(({ pack, assets }) =>
      Object.values(assets).flatMap(({ limits, alarms }) =>
        limits.filter(({ count }) => count).map(({ kind }) => [pack, kind, alarms[kind]?.safety] as const),
      ),
    );
    expect(new Set(counted.map(([pack, kind]) => `${pack}/${kind}`))).toEqual(
      new Set(['water/pump-starts', 'lighting/contactor-flickers']),
    );
    expect(counted.every(([, , safety]) => safety === false)).toBe(true);
  });

  it('are refused where a limit of safety waits for a second crossing', () => {
    const words = '{ zh: 甲, en: A }';
    const { problems } = parsePack(
      'pack.yaml',
      `pack: test
version: 1
name: ${words}
assets:
  thing:
    name: ${words}
    roles: { gas: { name: ${words}, unit: "%" } }
    limits:
      - { kind: gas-high, role: gas, above: 25, count: { n: 2, withinS: 60 }, source: default }
    alarms:
      gas-high: { priority: critical, riskLevel: I, safety: true, message: ${words}, cause: ${words}, response: ${words} }
`,
    );
    expect(problems).toMatchObject([{ code: 'LL-CONFIG-REFERENCE', line: 9 }]);
    expect(problems[0]?.message).toContain('its first crossing counts');
  });
});
