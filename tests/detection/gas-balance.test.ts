import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { newBalanceState, stepBalance } from '../../edge/detection/gas-balance/balance.ts';
import { StandingPlace } from '../../edge/detection/place/standing-place.ts';
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
  const strikes = (id: string, magnitude: number, file = calibrationFile, forS = 1150) =>
    replay({
      ...{ seed: 31, startMs, forS, utilities: ['gas'] },
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

  it('is placed anew while it stands, as the mains follow it: the same way each time', async () => {
    const placesOf = async () => {
      const { findings, truths } = await strikes('a', 900, calibrationFile, 1250);
      const told = findings.filter(({ kind, active }) => kind === 'main-damage' && active);
      return { told: told.map(({ time, place = [] }) => ({ time, place })), truth: truths[0]?.place?.id };
    };
    const { told, truth } = await placesOf();
    expect(told.length).toBeGreaterThan(1);
    expect(told.length).toBeLessThanOrEqual(5);
    const probabilities = told.map(({ place }) => place.find(({ id }) => id === truth)?.probability ?? 0);
    expect(probabilities.at(-1)).toBeGreaterThan(probabilities[0] as number);
    expect(await placesOf()).toEqual({ told, truth });
  });

  it('is placed at the station whose pressure falls most where there is no description of the network', async () => {
    const claim = raised(await strikes('a', 2500, written({})));
    expect(claim?.place?.[0]?.id).toMatch(/^gas-reg-\d\/p1$/);
    expect(claim?.place?.[0]).toMatchObject({ distanceM: null, location: [expect.any(Number), expect.any(Number)] });
  });
});

describe('the place of a claim that stands', () => {
  const at = (id: string, probability: number) => ({ id, probability, location: null, distanceM: null, withinM: null });
  /** Seconds at which it is told, of looks that show this from each second on. */
  const toldAt = (shown: (second: number) => ReturnType<typeof at>) => {
    let now = 0;
    const standing = new StandingPlace(() => [shown(now)], 0);
    const told: number[] = [];
    for (now = 1; now <= 600; now++) if (standing.moved(1000 * now)) told.push(now);
    return told;
  };

  it('is told anew for another first candidate or another probability of it, not for less', () => {
    expect(toldAt(() => at('a', 0.5))).toEqual([]);
    expect(toldAt((second) => at('a', second < 30 ? 0.5 : 0.58))).toEqual([]);
    expect(toldAt((second) => at('a', second < 45 ? 0.5 : 0.7))).toEqual([60]);
    expect(toldAt((second) => at(second < 100 ? 'a' : 'b', 0.5))).toEqual([120]);
  });

  it('is told four times more at most, half a minute apart', () => {
    expect(toldAt((second) => at(`${second}`, 0.5))).toEqual([30, 60, 90, 120]);
  });
});
