import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { newBalanceState, stepBalance } from '../../edge/detection/gas-balance/balance.ts';
import { calibrationFile, replay } from '../../models/training/replay.ts';
import { calibrationFile as written } from './plant.ts';

const quietS = 1200;
/** Seconds in which mains follow, and kPa by which they sink for each Nm³/h more. */
const followS = 45;
const sinkKpa = 0.0015;

/** What happens after the quiet time: what is drawn, what leaks, and what the meters miss, Nm³/h. */
interface Course {
  readonly drawn?: number;
  readonly leak?: number;
  readonly missed?: number;
  readonly untilS?: number;
}

/** Seconds after which a leak is claimed and unclaimed of mains that fill and empty as a vessel does, behind a gate. */
function changesOf({ drawn = 0, leak = 0, missed = 0, untilS = 900 }: Course, seed = 1): number[] {
  const state = newBalanceState();
  const random = seededRandom(seed, 'balance');
  const usual = 5000;
  const changes: number[] = [];
  let packed = usual;
  for (let second = 0; second < quietS + 1500; second++) {
    const on = second >= quietS && second < quietS + untilS;
    const draws = usual + (on ? drawn : 0);
    const leaves = draws + (on ? leak : 0);
    packed += (leaves - packed) / followS;
    const { changed } = stepBalance(state, {
      dtS: 1,
      excessNm3H: packed - draws + (on ? missed : 0) + 45 * random.normal(),
      flowNm3H: packed,
      pressureKpa: 345 - sinkKpa * packed + 0.3 * random.normal(),
    });
    if (changed) changes.push(second - quietS);
  }
  return changes;
}

describe('the balance of gas mains', () => {
  it('tells a leak within a minute or so, and that it is over once it is', () => {
    for (const leak of [1000, 3000, 8000]) {
      const [raised = Number.NaN, over = Number.NaN, ...more] = changesOf({ leak });
      expect(raised).toBeGreaterThan(15);
      expect(raised).toBeLessThan(75);
      expect(over).toBeGreaterThan(900);
      expect(over).toBeLessThan(1300);
      expect(more).toEqual([]);
    }
  });

  it('does not take demand that rises or falls, or a meter that fails, for a leak', () => {
    for (const seed of [1, 2, 3])
      for (const course of [{ drawn: 2500 }, { drawn: -2500 }, { missed: 2500 }, { missed: -2500 }, {}])
        expect(changesOf(course, seed), JSON.stringify(course)).toEqual([]);
  });

  it('says nothing before it knows ten minutes', () => {
    const state = newBalanceState();
    for (let second = 0; second < 600; second++) {
      const { reading } = stepBalance(state, { dtS: 1, excessNm3H: 0, flowNm3H: 5000, pressureKpa: 340 });
      expect(reading).toBeUndefined();
    }
  });
});

describe('a medium-pressure main that breaks', () => {
  const startMs = Date.UTC(2026, 0, 20, 9, 30);
  const strikes = (id: string, magnitude: number, file = calibrationFile) =>
    replay({
      ...{ seed: 31, startMs, forS: 1150, utilities: ['gas'] },
      happenings: [
        { ...{ id, kind: 'gas.main-damage', target: 'gate-1' }, startMs: startMs + 1_000_000, durationS: 0, magnitude },
      ],
      parts: { calibrationFile: file },
    });
  const raised = ({ findings }: Awaited<ReturnType<typeof strikes>>) =>
    findings.find(({ kind, active }) => kind === 'main-damage' && active);

  it.each(['a', 'b', 'c'])('is told with its section among the first three, %s', async (id) => {
    const seen = await strikes(id, 2500);
    const claim = raised(seen);
    expect(claim?.asset).toBe('gate-1');
    expect((claim?.time ?? 0) - startMs - 1_000_000).toBeLessThanOrEqual(60_000);
    expect(claim?.place?.slice(0, 3).map((place) => place.id)).toContain(seen.truths[0]?.place?.id);
    expect(claim?.place?.[0]?.location).toEqual([expect.any(Number), expect.any(Number)]);
  });

  it('is placed at the station whose pressure falls most where there is no description of the network', async () => {
    const claim = raised(await strikes('a', 2500, written({})));
    expect(claim?.place?.[0]?.id).toMatch(/^gas-reg-\d\/p1$/);
    expect(claim?.place?.[0]).toMatchObject({ distanceM: null, location: [expect.any(Number), expect.any(Number)] });
  });
});
