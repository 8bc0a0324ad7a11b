import { useState } from 'preact/hooks';
import type { IncidentView } from '../../../incident-wire.ts';
import type { AlarmView } from '../../../wire.ts';
import { readIncident, readIncidents } from '../detection-feed.ts';
import { durationText } from '../format.ts';
import { say, t } from '../language.ts';
import type { City } from '../model.ts';
import { CentreWords } from '../parts/centre-words.tsx';
import { DetectionTabs, Unread } from '../parts/detection-tabs.tsx';
import { EvidenceTable } from '../parts/evidence-table.tsx';
import { ExpectedCourse } from '../parts/expected-course.tsx';
import { IncidentPrint } from '../parts/incident-print.tsx';
import { IncidentTable } from '../parts/incident-table.tsx';
import { IncidentWork } from '../parts/incident-work.tsx';
import { PlaceTable } from '../parts/place-table.tsx';
import { PriorityMark } from '../parts/priority-mark.tsx';
import { VerdictButtons } from '../parts/verdict-buttons.tsx';
import { href } from '../routes.ts';
import { isUnacknowledged } from '../situation.ts';
import { usePolled } from '../use-polled.ts';

/** What is going on: alarms of one cause as one, with root, first-out order, and the evidence of each. */
export function IncidentsPage({ city, selected }: { city: City; selected: string }) {
  const { view, problem } = usePolled(readIncidents, '');
  const [first] = view ? [...view.incidents, ...view.closed] : [];
  const shown = selected || first?.id || '';
  return (
    <div class="detection">
      <div class="page-head">
        <h1>{t('detection')}</h1>
        <DetectionTabs here="incidents" />
      </div>
      {!view && <Unread problem={problem} />}
      {view && !first && (
        <div class="panel empty">
          <h2>{t('noIncidents')}</h2>
          <p>{t('noIncidentsHint')}</p>
        </div>
      )}
      {view && first && (
        <div class="detection-split">
          <section class="panel scroll" aria-labelledby="incidents-title">
            <div class="panel-head">
              <h2 id="incidents-title">{t('incidents')}</h2>
              <span class="panel-note">{view.total}</span>
            </div>
            {view.total > 0 && <IncidentTable incidents={view.incidents} selected={shown} />}
            {view.closed.length > 0 && (
              <>
                <h3 class="panel-line">{t('closedIncidents')}</h3>
                <IncidentTable incidents={view.closed} selected={shown} />
              </>
            )}
          </section>
          <Incident key={shown} city={city} id={shown} />
        </div>
      )}
    </div>
  );
}

function Incident({ city, id }: { city: City; id: string }) {
  const { view, problem, again } = usePolled(readIncident, id);
  const [chosen, choose] = useState('');
  if (!view) return <Unread problem={problem} />;
  const alarm = view.alarms.find((one) => one.id === (chosen || view.root)) ?? view.alarms[0];
  return (
    <div class="scroll stack">
      <h2 class="incident-title">{say(view.message)}</h2>
      {view.consequence && (
        <p class="panel-line">
          {t('consequence')}: {say(view.consequence)}
        </p>
      )}
      <Members view={view} shown={alarm?.id ?? ''} onChoose={choose} />
      <IncidentWork view={view} onDone={again} />
      {alarm && <MemberEvidence city={city} alarm={alarm} onJudged={again} />}
      <IncidentPrint city={city} view={view} />
    </div>
  );
}

interface MembersProps {
  readonly view: IncidentView;
  readonly shown: string;
  readonly onChoose: (id: string) => void;
}

/** The alarms in the order in which they came: the root is marked, times count from the first. */
function Members({ view, shown, onChoose }: MembersProps) {
  return (
    <section class="panel" aria-labelledby="members-title">
      <div class="panel-head">
        <h2 id="members-title">{t('firstOut')}</h2>
        <span class="panel-note">
          {view.alarms.length} / {view.members}
        </span>
      </div>
      <table class="table">
        <tbody>
          {view.alarms.map((alarm, index) => (
            <tr key={alarm.id} class={alarm.id === shown ? 'row-selected' : undefined}>
              <td class="numeric">{index + 1}</td>
              <td class="numeric first-out">+{durationText((alarm.raisedAt ?? 0) - view.openedAt)}</td>
              <td>
                <span class="alarm-priority">
                  <PriorityMark priority={alarm.priority} settled={!isUnacknowledged(alarm)} size={16} />
                  {t(alarm.priority)}
                </span>
              </td>
              <th scope="row" class="incident-root">
                <button
                  type="button"
                  class="claim"
                  aria-pressed={alarm.id === shown}
                  onClick={() => onChoose(alarm.id)}
                >
                  {say(alarm.message)}
                </button>
                {alarm.id === view.root && <span class="root-mark">{t('rootCause')}</span>}
              </th>
              <td class="incident-state">{alarm.finding.active ? t('standing') : t('ended')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface MemberEvidenceProps {
  readonly city: City;
  readonly alarm: AlarmView;
  readonly onJudged: () => void;
}

function MemberEvidence({ city, alarm, onJudged }: MemberEvidenceProps) {
  return (
    <section class="panel member-evidence" aria-labelledby="member-title">
      <div class="panel-head">
        <h2 id="member-title">{say(alarm.message)}</h2>
        <a class="button" href={href('alarms', alarm.id)}>
          {t('alarms')}
        </a>
      </div>
      <p class="panel-line">{say(alarm.cause)}</p>
      <ExpectedCourse key={alarm.id} city={city} asset={alarm.asset} kind={alarm.kind} />
      <EvidenceTable city={city} alarm={alarm} />
      <PlaceTable city={city} alarm={alarm} />
      <CentreWords alarm={alarm} />
      <VerdictButtons alarm={alarm} onJudged={onJudged} />
    </section>
  );
}
