import type { WorkEntry } from '../../../../core/incident-work.ts';
import type { Text } from '../../../../core/text.ts';
import type { IncidentView } from '../../../incident-wire.ts';
import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { say, t } from '../language.ts';

/** One line: what happened, and who did it; nobody did what the plant did. */
interface Line {
  readonly at: number;
  readonly did: string;
  readonly about: string;
  readonly by: string;
}

/** What the plant did and what people did, oldest first. */
export function IncidentTimeLine({ view }: { view: IncidentView }) {
  const now = gatewayNow();
  return (
    <section class="detail-part" aria-label={t('timeLine')}>
      <h3>{t('timeLine')}</h3>
      <ol class="time-line">
        {linesOf(view).map(({ at, did, about, by }) => (
          <li key={`${at} ${did} ${about}`}>
            <time class="story-time">{momentText(at, now)}</time> <strong>{did}</strong> {about}
            {by !== '' && <span class="asset-id"> {by}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function linesOf(view: IncidentView): readonly Line[] {
  const ofPlant = view.alarms.flatMap(({ message, raisedAt, clearedAt }) => [
    { at: raisedAt ?? 0, did: t('lineOpened'), about: say(message), by: '' },
    ...(typeof clearedAt === 'number' ? [{ at: clearedAt, did: t('lineCleared'), about: say(message), by: '' }] : []),
  ]);
  const ofPeople = view.work.entries.map((entry) => ({
    ...{ at: entry.at, did: t(`did-${entry.did}`), by: entry.by },
    about: [aboutOf(entry, view), entry.note].filter((words) => words !== '').join(' · '),
  }));
  return [...ofPlant, ...ofPeople].sort((a, b) => a.at - b.at);
}

function aboutOf(entry: WorkEntry, { alarms, checklist }: IncidentView): string {
  if (entry.did === 'dispatched') return entry.to;
  if (entry.did === 'reopened') {
    const came = alarms.find(({ id }) => id === entry.alarm);
    return [t(`why-${entry.why}`), came ? say(came.message) : entry.alarm].filter((words) => words !== '').join('：');
  }
  if (entry.did !== 'step-done' && entry.did !== 'step-undone') return '';
  const text: Text | undefined = checklist.find(({ alarm }) => alarm === entry.alarm)?.steps[entry.step];
  return text ? say(text) : `${entry.alarm} ${entry.step + 1}`;
}
