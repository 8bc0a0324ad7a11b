import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { eventsOf } from '../../edge/evaluate/events.ts';
import { compareWithLabels } from '../../edge/evaluate/label-comparison.ts';
import { RowVerdicts } from '../../edge/evaluate/verdicts.ts';
import { volumeUnderCurves } from '../../edge/evaluate/volume-under-curves.ts';
import { tableOf } from './plant.ts';

/** The definition, threshold by threshold and buffer by buffer, without any shared sums. */
function slowVolume(labels: readonly number[], scores: readonly number[]): number {
  const thresholds = [...new Set(scores)].sort((a, b) => b - a);
  const areas = Array.from({ length: 11 }, (_, at) => {
    const buffer = at * 10;
    const soft = labels.map((label, row) => {
      if (label === 1) return 1;
      let sum = 0;
      for (const [event, other] of labels.entries()) {
        const isEdge =
          other === 1 && ((event < row && labels[event + 1] !== 1) || (event > row && labels[event - 1] !== 1));
        const distance = Math.abs(event - row);
        if (isEdge && distance <= Math.floor(buffer / 2)) sum += Math.sqrt(1 - distance / buffer);
      }
      return Math.min(1, sum);
    });
    const spans = soft.flatMap((value, row) => (value > 0 && !(soft[row - 1]! > 0) ? [row] : []));
    let [area, before] = [0, 0];
    for (const threshold of thresholds) {
      const taken = scores.map((score) => score >= threshold);
      const sum = (of: (row: number) => number) => labels.reduce((total, _, row) => total + of(row), 0);
      const hits = sum((row) => (taken[row] ? soft[row]! : 0));
      const positives =
        (sum((row) => labels[row]!) + sum((row) => (labels[row] === 1 ? 1 : taken[row] ? soft[row]! : 0))) / 2;
      const touched = spans.filter((start) => {
        for (let row = start; soft[row]! > 0; row++) if (taken[row]) return true;
        return false;
      }).length;
      const recall = Math.min(1, hits / positives) * (touched / spans.length);
      area += ((recall - before) * hits) / sum((row) => (taken[row] ? 1 : 0));
      before = recall;
    }
    return area;
  });
  return areas.reduce((total, area) => total + area, 0) / areas.length;
}

describe('the volume under the curves', () => {
  it('is what its definition says, for any labels and scores', () => {
    const row = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 3, maxLength: 90 }), (rows) => {
        const labels = rows.map(([faulty]) => (faulty ? 1 : 0));
        const scores = rows.map(([, score]) => score / 20);
        const found = volumeUnderCurves(Uint8Array.from(labels), Float64Array.from(scores));
        if (!labels.includes(1)) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(slowVolume(labels, scores), 9);
      }),
      { numRuns: 40 },
    );
  });

  it('is near 1 for the truth itself, and small for random scores', () => {
    const labels = Uint8Array.from({ length: 5000 }, (_, row) => (row % 1000 < 50 ? 1 : 0));
    const random = seededRandom(3, 'scores');
    expect(volumeUnderCurves(labels, Float64Array.from(labels))).toBeGreaterThan(0.7);
    expect(
      volumeUnderCurves(
        labels,
        Float64Array.from(labels, () => random.next()),
      ),
    ).toBeLessThan(0.15);
  });
});

describe('alarms beside the truth', () => {
  const verdicts = new RowVerdicts(300);
  for (let row = 0; row < 300; row++) {
    const alarm = (row >= 120 && row < 130) || (row >= 250 && row < 255);
    verdicts.set(row, alarm ? 0.9 : 0.1, 0, []);
  }
  const times = Float64Array.from({ length: 300 }, (_, row) => Date.UTC(2024, 0, 1) + row * 864_000);
  const table = {
    ...tableOf(
      Array.from({ length: 300 }, () => [0]),
      undefined,
      times,
    ),
    labels: Uint8Array.from({ length: 300 }, (_, row) =>
      (row >= 125 && row < 145) || (row >= 200 && row < 210) ? 1 : 0,
    ),
  };

  it('count events once and rows as they were judged', () => {
    expect(compareWithLabels(table, verdicts, eventsOf(verdicts, ['c0']), 99)).toMatchObject({
      ...{ events: 2, detected: 1, recall: 0.5, falseEvents: 1 },
      ...{ falseAlarmShare: 10 / 171, rowRecall: 5 / 30, rowF1: 10 / 45 },
      falseEventsPerDay: expect.closeTo(0.5, 6),
    });
  });

  it('stand beside what needs no skill', () => {
    const { alwaysAlarm, random } = compareWithLabels(table, verdicts, [], 99)!;
    expect(alwaysAlarm).toMatchObject({ recall: 1, rowF1: expect.closeTo(60 / 231, 9) });
    const share = 15 / 201;
    expect(random.recall).toBeCloseTo(1 - ((1 - share) ** 20 + (1 - share) ** 10) / 2, 9);
    expect(random.rowF1).toBeCloseTo((2 * share * 30) / (15 + 30), 9);
    expect(Math.abs(random.vusPr! - alwaysAlarm.vusPr!)).toBeLessThan(0.15);
  });

  it('are not compared without a truth', () => {
    expect(compareWithLabels({ ...table, labels: undefined }, verdicts, [], 99)).toBeUndefined();
  });
});
