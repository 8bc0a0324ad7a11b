import { describe, expect, it } from 'vitest';
import { checkFigures, judge, parseRequirements } from '../../simulator/exam/requirement.ts';
import { score } from '../../simulator/exam/score.ts';

describe('requirements', () => {
  it('are read with their figure, comparison and bound', () => {
    expect(parseRequirements('recall>=0.95, water.timeToDetectS.median < 60,gas.leak.detected==2')).toMatchObject([
      { figure: 'recall', operator: '>=', bound: 0.95 },
      { figure: 'water.timeToDetectS.median', operator: '<', bound: 60 },
      { figure: 'gas.leak.detected', operator: '=', bound: 2 },
    ]);
  });

  it.each(['recall', 'recall>=', '>=0.95', 'recall=>0.9', 'recall>=95%', 'recall>=0.9;precision>=1', ''])(
    'refuses "%s" and says how to write it',
    (text) => {
      expect(() => parseRequirements(text)).toThrow(
        expect.objectContaining({ code: 'LL-EXAM-REQUIRE', next: expect.stringContaining('recall>=0.95') }),
      );
    },
  );

  it('name a figure that there is, or the nearest one is suggested', () => {
    const groups = ['water', 'water.burst'];
    expect(() => checkFigures(parseRequirements('water.burst.recall>=1,precision>0'), groups)).not.toThrow();
    expect(() => checkFigures(parseRequirements('recal>=0.95'), groups)).toThrow('did you mean "recall"?');
    expect(() => checkFigures(parseRequirements('watr.recall>=0.95'), groups)).toThrow('did you mean "water.recall"?');
  });

  it('are not met by a figure that nothing was measured for', () => {
    const nothing = score({ happenings: [], falseAlarms: [], endMs: 0 }, [], 2, {});
    expect(judge(parseRequirements('recall>=0,falseAlarms<=0,water.burst.recall>=0'), nothing)).toMatchObject([
      { value: null, met: false },
      { value: 0, met: true },
      { value: null, met: false },
    ]);
  });
});
