import { describe, expect, it } from 'vitest';
import { checkAgainst, parseLocatedYaml } from '../../edge/config/located-yaml.ts';
import { formatProblem } from '../../edge/config/problem.ts';
import type { HappeningKind } from '../../simulator/city/happening.ts';
import { planScenario } from '../../simulator/scenarios/plan.ts';
import { scenarioSpec } from '../../simulator/scenarios/spec.ts';
import { plcOf, point } from '../plc/plc.ts';

const startMs = Date.UTC(2027, 0, 12, 10);
const kindOf = (kind: string, low: number, high: number): HappeningKind => ({
  ...{ kind, title: { zh: kind, en: kind }, magnitude: { unit: 'L/s', low, high } },
  ...{ decoy: false, targets: ['dma-1', 'dma-2'] },
});
const city = {
  startMs,
  happenings: [kindOf('water.burst', 5, 60), kindOf('water.trip', 1, 1)],
  plcs: [plcOf('ps-1', 1, [point('flow', {})])],
};

/** The plan of a scenario with these entries, one a line from line 2 on. */
function planOf(...entries: string[]) {
  const yaml = parseLocatedYaml(
    's.yaml',
    ['happenings:', ...entries.map((entry) => `  - { ${entry} }`), ''].join('\n'),
  );
  const { value, problems } = checkAgainst(yaml, scenarioSpec);
  if (!value) return { happenings: [], errors: problems, warnings: [] };
  return planScenario(yaml, value.happenings, city);
}

describe('a scenario', () => {
  it('counts durations from the start of the city and takes times as they are, in order of beginning', () => {
    const { happenings, errors } = planOf(
      'kind: water.burst, target: dma-1, at: 2027-01-12T18:05:00+08:00, until: 15min, ramp: 30s, size: 20',
      'id: t, kind: water.trip, target: dma-2, at: 20s, for: 1min, parent: scenario-1',
    );
    expect(errors).toEqual([]);
    expect(happenings).toEqual([
      {
        ...{ id: 't', kind: 'water.trip', target: 'dma-2', magnitude: 1, parent: 'scenario-1' },
        ...{ startMs: startMs + 20_000, durationS: 60, rampS: 0, hints: {} },
      },
      {
        ...{ id: 'scenario-1', kind: 'water.burst', target: 'dma-1', magnitude: 20 },
        ...{ startMs: startMs + 300_000, durationS: 600, rampS: 30, hints: {} },
      },
    ]);
  });

  it('says what the truth is to say', () => {
    const label = 'label: { decoy: true, level: I, alarmWithin: 2min, expect: [ps-1/flow] }';
    const { happenings } = planOf(`kind: water.burst, target: dma-1, at: 1s, size: 9, ${label}`);
    expect(happenings[0]?.hints).toEqual({
      ...{ decoy: true, level: 'I', alarmWithinS: 120, expectedTags: ['ps-1/flow'] },
    });
  });

  it.each([
    ['kind: water.bust, target: dma-1, at: 1s, size: 9', 'SCENARIO-KIND', 'water.bust', 'did you mean "water.burst"?'],
    ['kind: water.burst, target: dma1, at: 1s, size: 9', 'SCENARIO-TARGET', 'dma1', 'did you mean "dma-1"?'],
    ['kind: water.burst, target: dma-1, at: soon, size: 9', 'SCENARIO-TIME', 'soon', '"soon"'],
    ['kind: water.burst, target: dma-1, at: 2027-01-12T18:05:00, size: 9', 'SCENARIO-TIME', '2027', 'offset'],
    ['kind: water.burst, target: dma-1, at: 2027-01-12T09:00:00Z, size: 9', 'SCENARIO-TIME', '2027', 'before the city'],
    ['kind: water.burst, target: dma-1, at: 9s, until: 9s, size: 9', 'SCENARIO-TIME', '9s, size', 'not after'],
    ['kind: water.burst, target: dma-1, at: 9s, for: 5s, until: 99s, size: 9', 'SCENARIO-TIME', '99s', 'not both'],
    ['kind: water.burst, target: dma-1, at: 9s, for: 0s, size: 9', 'SCENARIO-TIME', '0s', 'no time'],
    ['kind: water.burst, target: dma-1, at: 9s, for: 5s, ramp: 6s, size: 9', 'SCENARIO-TIME', '6s', 'grows for 6 s'],
    ['kind: water.trip, target: dma-1, at: 9s, ramp: 6s', 'SCENARIO-TIME', '6s', 'cannot grow'],
    ['kind: water.burst, target: dma-1, at: 9s', 'SCENARIO-SIZE', 'kind: ', '5–60 L/s'],
    ['kind: water.trip, target: dma-1, at: 9s, parent: x', 'CONFIG-REFERENCE', 'x', '"x"'],
    [
      'kind: water.trip, target: dma-1, at: 9s, label: { expect: [ps-1/flw] }',
      'CONFIG-REFERENCE',
      'ps-1/flw',
      'ps-1/flow',
    ],
    ['kind: water.trip, target: dma-1, at: 9s, foor: 5s', 'CONFIG-KEY', 'foor', 'did you mean "for"?'],
  ])('refuses { %s } with LL-%s at %s', (entry, code, pointed, says) => {
    const { errors } = planOf(entry);
    expect(errors).toHaveLength(1);
    const text = formatProblem(errors[0]!);
    // without the key that is missing, the entry itself is pointed at
    const column = pointed === 'kind: ' ? 5 : entry.indexOf(pointed) + '  - { '.length + 1;
    expect(text).toContain(`s.yaml:2:${column} `);
    expect(text).toContain(`[LL-${code}]`);
    expect(text).toContain(says);
  });

  it('refuses an id given twice, and one kind twice on one target at a time, but not one after the other', () => {
    const twice = planOf(
      'id: a, kind: water.trip, target: dma-1, at: 1s, for: 9s',
      'id: a, kind: water.trip, target: dma-1, at: 9s',
    );
    expect(twice.errors.map(({ code, line }) => [code, line])).toEqual([
      ['LL-CONFIG-DUPLICATE', 3],
      ['LL-SCENARIO-OVERLAP', 3],
    ]);
    const after = planOf('kind: water.trip, target: dma-1, at: 1s, for: 8s', 'kind: water.trip, target: dma-1, at: 9s');
    expect(after.errors).toEqual([]);
  });

  it('warns of a size that is not usual, and plays it', () => {
    const { happenings, errors, warnings } = planOf('kind: water.burst, target: dma-1, at: 9s, size: 600');
    expect([happenings.length, errors.length, warnings[0]?.code]).toEqual([1, 0, 'LL-SCENARIO-SIZE']);
  });
});
