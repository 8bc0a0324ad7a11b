import type { WorkEntry } from '../../../core/incident-work.ts';
import { asText, type Text } from '../../../core/text.ts';
import type { IncidentView } from '../../incident-wire.ts';
import { texts } from './texts.ts';

/** One line of an incident's time line: what happened, and who did it; nobody did what the plant did. */
export interface IncidentLine {
  /** ms since epoch. */
  readonly at: number;
  readonly did: Text;
  readonly about: Text;
  readonly by: string;
}

/** What the plant did and what people did, oldest first. */
export function incidentLines(view: IncidentView): readonly IncidentLine[] {
  const ofPlant = view.alarms.flatMap(({ message, raisedAt, clearedAt }) => [
    { at: raisedAt ?? 0, did: texts.lineOpened, about: message, by: '' },
    ...(typeof clearedAt === 'number' ? [{ at: clearedAt, did: texts.lineCleared, about: message, by: '' }] : []),
  ]);
  const ofPeople = view.work.entries.map((entry) => ({
    ...{ at: entry.at, did: texts[`did-${entry.did}`], by: entry.by },
    about: joined([...aboutOf(entry, view), asText(entry.note)], ' · '),
  }));
  return [...ofPlant, ...ofPeople].sort((a, b) => a.at - b.at);
}

function aboutOf(entry: WorkEntry, { alarms, checklist }: IncidentView): readonly Text[] {
  if (entry.did === 'dispatched') return [asText(entry.to)];
  if (entry.did === 'reopened') {
    const came = alarms.find(({ id }) => id === entry.alarm);
    return [joined([texts[`why-${entry.why}`], came?.message ?? asText(entry.alarm)], '：')];
  }
  if (entry.did !== 'step-done' && entry.did !== 'step-undone') return [];
  const text = checklist.find(({ alarm }) => alarm === entry.alarm)?.steps[entry.step];
  return [text ?? asText(`${entry.alarm} ${entry.step + 1}`)];
}

const joined = (parts: readonly Text[], by: string): Text => ({
  zh: parts
    .map(({ zh }) => zh)
    .filter(Boolean)
    .join(by),
  en: parts
    .map(({ en }) => en)
    .filter(Boolean)
    .join(by),
});
