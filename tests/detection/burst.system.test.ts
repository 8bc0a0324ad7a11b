import { describe, expect, it } from 'vitest';
import { modelsFolder, type ReplayOptions, replay } from '../../models/training/replay.ts';
import { createCity } from '../../simulator/city/city.ts';
import { type DemoIncident, planDemo } from '../../simulator/scenarios/demo.ts';

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
/** Longest that a burst may go unseen in the demo, s. */
const withinS = 15;

/** Every seed has its own hour, weekday and season: 20 starts spread over a year, 17 h 13 min apart in the day. */
const startOf = (seed: number) => Date.UTC(2026, 0, 5) + seed * (18 * 86_400_000 + 17.2 * 3_600_000);

/** The demo's own plan for a seed, as events of the city. */
async function plan(
  incident: DemoIncident,
  seed: number,
): Promise<Pick<ReplayOptions, 'seed' | 'startMs' | 'happenings'>> {
  const startMs = startOf(seed);
  const city = await createCity({ seed, startMs, utilities: ['water'] });
  const happenings = planDemo(incident, seed, { ...city, startMs });
  city.dispose();
  return { seed, startMs, happenings };
}

describe('the demo, in virtual time', () => {
  it.each(seeds)('finds the burst of seed %i in its district within 15 s, and nothing else', async (seed) => {
    const planned = await plan('burst', seed);
    const [burst] = planned.happenings;
    const { findings, truths } = await replay({ ...planned, forS: 60, utilities: ['water'] });
    const raised = findings.filter(({ active }) => active);
    const [first] = raised;
    expect(first).toMatchObject({ asset: burst?.target, kind: 'burst', from: 'district-burst' });
    expect((first!.time - burst!.startMs) / 1000).toBeGreaterThan(0);
    expect((first!.time - burst!.startMs) / 1000).toBeLessThanOrEqual(withinS);
    const [truth] = truths;
    for (const { asset } of raised) expect(truth?.affected).toContain(asset);
  });

  // a flushed hydrant touches water alone: the other utilities live as without an incident, which is the case before
  it.each([
    ['none', undefined],
    ['hydrant-flush', ['water']],
  ] as const)(
    'raises nothing at all with incident %s, seeds 1–20',
    async (incident, utilities) => {
      for (const seed of seeds) {
        const { findings } = await replay({
          ...(await plan(incident, seed)),
          forS: 60,
          ...(utilities ? { utilities } : {}),
        });
        expect(findings, `seed ${seed}`).toEqual([]);
      }
    },
    120_000,
  );

  it('tells another decision without the model, and finds the burst all the same, later', async () => {
    const planned = await plan('burst', 1);
    const withModel = await replay({ ...planned, forS: 60, utilities: ['water'] });
    const without = await replay({
      ...{ ...planned, forS: 60, utilities: ['water'] },
      parts: { modelsFolder: `${modelsFolder}/missing` },
    });
    const [seen] = withModel.findings;
    const [alone] = without.findings;
    expect(seen?.decision?.['model']).toMatch(/^score \d\.\d\d ≥ 0\.5 \(version 1\)$/);
    expect(alone?.decision?.['model']).toMatch(/^bypassed/);
    expect(seen?.decision?.['rule']).not.toBe(alone?.decision?.['rule']);
    expect(alone!.asset).toBe(seen!.asset);
    expect(alone!.time).toBeGreaterThan(seen!.time);
    expect(seen!.score).toBeGreaterThan(alone!.score);
    expect(without.notices.map(({ code }) => code)).toEqual(['LL-MODEL-MISSING']);
  });
});
