import { useState } from 'preact/hooks';
import type { IncidentView } from '../../../incident-wire.ts';
import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { closeIncident, noteIncident, reopenIncident, sendTo, takeIncident } from '../incident-acts.ts';
import { say, t } from '../language.ts';
import { may } from '../session.ts';
import { ActButton } from './act-button.tsx';
import { IncidentSteps } from './incident-steps.tsx';
import { IncidentTimeLine } from './incident-time-line.tsx';
import { TextLine } from './text-line.tsx';

interface IncidentWorkProps {
  readonly view: IncidentView;
  readonly onDone: () => void;
}

/** How far people are with an incident, what they can do next, its steps and its time line; its sheet can be printed. */
export function IncidentWork({ view, onDone }: IncidentWorkProps) {
  return (
    <section class="panel incident-work" aria-labelledby="work-title">
      <div class="panel-head">
        <h2 id="work-title">{t('incidentWork')}</h2>
        <IncidentStage view={view} />
        <button type="button" class="button" onClick={() => print()}>
          {t('printIncident')}
        </button>
      </div>
      {may('operator') && <IncidentActs key={view.stage} view={view} onDone={onDone} />}
      <IncidentSteps view={view} onDone={onDone} />
      <IncidentTimeLine view={view} />
    </section>
  );
}

function IncidentStage({ view: { stage, crew, riskLevel, riskWhy, endedAt, cases } }: { view: IncidentView }) {
  const now = gatewayNow();
  return (
    <p class="panel-note">
      <strong>{t(`work-${stage}`)}</strong>
      {crew !== '' && ` · ${crew}`} · {t('riskLevel')} {riskLevel}
      {riskWhy && ` (${say(riskWhy)})`}
      {endedAt !== null && ` · ${t('overSince')} ${momentText(endedAt, now)}`}
      {cases.map(({ number, stage: of }) => ` · ${t('cityCase')} ${number} ${t(`stage-${of}`)}`)}
    </p>
  );
}

function IncidentActs({ view: { id, stage }, onDone }: IncidentWorkProps) {
  const [note, setNote] = useState('');
  const [to, setTo] = useState('');
  const said = note.trim();
  const crew = to.trim();
  const doing = (act: () => Promise<unknown>) => async () => {
    await act();
    setNote('');
    setTo('');
    onDone();
  };
  const isClosed = stage === 'closed';
  return (
    <div class="alarm-toolbar" role="toolbar" aria-label={t('incidentWork')}>
      <TextLine label={t('workNote')} hint={t('workNoteHint')} value={note} most={500} onValue={setNote} />
      {stage === 'open' && (
        <ActButton act={doing(() => takeIncident(id, said))}>
          <span title={t('takeHint')}>{t('takeIncident')}</span>
        </ActButton>
      )}
      {!isClosed && (
        <fieldset class="shelve-choice" aria-label={t('send')}>
          <TextLine label={t('sendTo')} value={to} most={100} onValue={setTo} />
          <ActButton act={doing(() => sendTo(id, crew, said))} disabled={crew === ''}>
            {t('send')}
          </ActButton>
        </fieldset>
      )}
      <ActButton act={doing(() => noteIncident(id, said))} disabled={said === ''}>
        {t('addNote')}
      </ActButton>
      {isClosed ? (
        <ActButton act={doing(() => reopenIncident(id, said))} disabled={said === ''}>
          {t('reopenIncident')}
        </ActButton>
      ) : (
        <ActButton act={doing(() => closeIncident(id, said))} disabled={said === ''}>
          {t('closeIncident')}
        </ActButton>
      )}
    </div>
  );
}
