import type { Alarm } from '../core/alarm.ts';
import type { Finding } from '../core/finding.ts';
import type { PackAlarm } from '../core/pack.ts';
import { fillText, type Text } from '../core/text.ts';
import { unitSign } from '../core/unit-sign.ts';
import { withPlace } from './place-words.ts';
import type { AlarmSubject } from './record.ts';

/** Three significant digits, as operators read values. */
function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–';
}

/** What a finding puts into the texts of its pack. */
function wordsOf(subject: AlarmSubject, { evidence: [first] }: Finding): Record<string, string> {
  const { observed = Number.NaN, expected = Number.NaN, unit = '', tag = '' } = first ?? {};
  const share = observed / expected;
  return {
    asset: subject.name,
    value: figure(observed),
    limit: figure(expected),
    unit: unitSign(unit),
    share: Number.isFinite(share) ? String(Math.round(100 * share)) : '–',
    tag,
  };
}

export const messageOf = ({ message }: PackAlarm, subject: AlarmSubject, finding: Finding): Text =>
  withPlace(fillText(message, wordsOf(subject, finding)), finding.place);

/** What the pack says of a finding, with its figures filled in. */
export function alarmWords(
  pack: PackAlarm,
  subject: AlarmSubject,
  finding: Finding,
): Pick<Alarm, 'message' | 'cause' | 'response' | 'value' | 'limit' | 'unit'> {
  const words = wordsOf(subject, finding);
  const { observed = Number.NaN, expected = Number.NaN, unit = '' } = finding.evidence[0] ?? {};
  return {
    message: messageOf(pack, subject, finding),
    cause: fillText(pack.cause, words),
    response: fillText(pack.response, words),
    ...{ value: observed, limit: expected, unit },
  };
}
