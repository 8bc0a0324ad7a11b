import type { Alarm } from '../core/alarm.ts';
import type { Finding } from '../core/finding.ts';
import type { PackAlarm } from '../core/pack.ts';
import { asText, both, fillText, type Text } from '../core/text.ts';
import { unitSign } from '../core/unit-sign.ts';
import { withPlace } from './place-words.ts';
import type { AlarmSubject } from './record.ts';

/** Three significant digits, as operators read values. */
function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–';
}

/** What people call a tag, told of an asset; undefined for what is none, or has no name. */
export type TagName = (tag: string, asset: string) => Text | undefined;

/** What a finding puts into the texts of its pack. */
function wordsOf(subject: AlarmSubject, { asset, evidence: [first] }: Finding, nameOf?: TagName) {
  const { observed = Number.NaN, expected = Number.NaN, unit = '', tag = '' } = first ?? {};
  const share = observed / expected;
  return {
    asset: subject.name,
    value: figure(observed),
    limit: figure(expected),
    unit: unitSign(unit),
    share: Number.isFinite(share) ? String(Math.round(100 * share)) : '–',
    tag: nameOf?.(tag, asset) ?? tag,
  };
}

/** Of what is simulated everybody who reads it is told so first. */
export function messageOf({ message }: PackAlarm, subject: AlarmSubject, finding: Finding, nameOf?: TagName): Text {
  const told = withPlace(
    fillText(message, wordsOf(subject, finding, nameOf)),
    finding.place,
    (id) => nameOf?.(id, finding.asset) ?? asText(id),
  );
  return finding.simulated ? both(`SIMULATED · ${told.en}`, `【仿真】${told.zh}`) : told;
}

/** What the pack says of a finding, with its figures filled in. */
export function alarmWords(
  pack: PackAlarm,
  subject: AlarmSubject,
  finding: Finding,
  nameOf?: TagName,
): Pick<Alarm, 'message' | 'cause' | 'response' | 'value' | 'limit' | 'unit'> {
  const words = wordsOf(subject, finding, nameOf);
  const { observed = Number.NaN, expected = Number.NaN, unit = '' } = finding.evidence[0] ?? {};
  return {
    message: messageOf(pack, subject, finding, nameOf),
    cause: fillText(pack.cause, words),
    response: fillText(pack.response, words),
    ...{ value: observed, limit: expected, unit },
  };
}
