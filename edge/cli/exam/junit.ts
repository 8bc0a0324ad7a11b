import type { Exam } from '../../../simulator/exam/exam.ts';
import type { Verdict } from '../../../simulator/exam/requirement.ts';
import type { KindScore } from '../../../simulator/exam/score.ts';
import { escapeMarkup } from './markup.ts';

interface TestCase {
  readonly group: string;
  readonly name: string;
  /** Undefined when it passed. */
  readonly failure: string | undefined;
}

/**
 * The exam as JUnit XML, as CI servers show it: a test case per kind of happening, which fails when one that a sensor can
 * show was missed or a decoy raised an alarm, and one per requirement.
 */
export function junitXml({ suite, seed, score }: Exam, verdicts: readonly Verdict[], wallS: number): string {
  const cases = [...score.byKind.map(kindCase), ...verdicts.map(requirementCase)];
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const name = escapeMarkup(`lifeline exam ${suite.name}, seed ${seed}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}" time="${wallS.toFixed(1)}">`,
    `  <testsuite name="${name}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${wallS.toFixed(1)}">`,
    ...cases.map((one) => `    ${caseXml(one)}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function kindCase({ kind, decoy, happenings, observable, recall, detected, falseAlarms }: KindScore): TestCase {
  const missed =
    recall !== null && recall < 1 ? `detected ${detected} of ${happenings}, ${observable} observable` : undefined;
  const cried = falseAlarms > 0 ? `${falseAlarms} alarms by ${happenings} decoys` : undefined;
  return { group: 'kinds', name: kind, failure: decoy ? cried : missed };
}

const requirementCase = ({ requirement, value, met }: Verdict): TestCase => ({
  ...{ group: 'requirements', name: requirement.text },
  failure: met ? undefined : value === null ? 'nothing was measured' : `measured ${value}`,
});

function caseXml({ group, name, failure }: TestCase): string {
  const head = `<testcase classname="exam.${group}" name="${escapeMarkup(name)}"`;
  if (failure === undefined) return `${head}/>`;
  return `${head}><failure message="${escapeMarkup(failure)}"/></testcase>`;
}
