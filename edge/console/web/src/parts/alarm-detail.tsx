import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { AlarmDetailView } from '../../../alarm-wire.ts';
import type { AlarmView } from '../../../wire.ts';
import { gatewayNow } from '../feed.ts';
import { constantText, durationText, momentText } from '../format.ts';
import { say, t, tOr } from '../language.ts';
import type { City } from '../model.ts';
import { href } from '../routes.ts';
import { may } from '../session.ts';
import { isUnacknowledged } from '../situation.ts';
import { AcknowledgeButton } from './acknowledge-button.tsx';
import { AlarmFigures } from './alarm-figures.tsx';
import { CentreWords } from './centre-words.tsx';
import { EvidenceTable } from './evidence-table.tsx';
import { PlaceTable } from './place-table.tsx';
import { PriorityMark } from './priority-mark.tsx';
import { TextLine } from './text-line.tsx';
import { VerdictButtons } from './verdict-buttons.tsx';

const minuteMs = 60_000;

interface AlarmDetailProps {
  readonly city: City;
  readonly alarm: AlarmView;
  /** What its pack says of it; undefined until the gateway has told. */
  readonly known: AlarmDetailView | undefined;
}

/** One alarm with what speaks for it: evidence, decision, course, and the ways to its asset, trend and device. */
export function AlarmDetail({ city, alarm, known }: AlarmDetailProps) {
  const open = isUnacknowledged(alarm);
  return (
    <aside class={`panel detail detail-${alarm.priority}`} aria-labelledby="detail-title">
      <div class="detail-head">
        <PriorityMark priority={alarm.priority} settled={!open} size={28} />
        <div>
          <span class="detail-tags">
            {t(alarm.priority)} · {t('riskLevel')} {alarm.riskLevel}
            {alarm.safety && ` · ${t('safety')}`} · {t(alarm.state)}
          </span>
          <h2 id="detail-title">{say(alarm.message)}</h2>
        </div>
        <a class="button detail-close" href={href('alarms')} aria-label={t('closeDetail')}>
          ×
        </a>
      </div>
      <div class="detail-figures">
        <AlarmFigures alarm={alarm} />
        {open && may('operator') && <AcknowledgeWithNote alarm={alarm} />}
      </div>
      <Ways city={city} alarm={alarm} />
      <dl class="facts">
        <dt>{t('cause')}</dt>
        <dd>{say(alarm.cause)}</dd>
        {known?.consequence && (
          <>
            <dt>{t('consequence')}</dt>
            <dd>{say(known.consequence)}</dd>
          </>
        )}
        <dt>{t('response')}</dt>
        <dd>{say(alarm.response)}</dd>
        {known && (
          <>
            <dt>{t('respondWithin')}</dt>
            <dd>{respondText(alarm, known.respondWithinMin * minuteMs)}</dd>
          </>
        )}
      </dl>
      <CentreWords alarm={alarm} />
      <PlaceTable city={city} alarm={alarm} />
      <EvidenceTable city={city} alarm={alarm} />
      <Decision alarm={alarm} />
      <Times alarm={alarm} />
      <VerdictButtons alarm={alarm} />
    </aside>
  );
}

function AcknowledgeWithNote({ alarm }: { alarm: AlarmView }) {
  const [note, setNote] = useState('');
  return (
    <span class="acknowledge-note">
      <TextLine label={t('note')} value={note} most={500} onValue={setNote} />
      <AcknowledgeButton alarm={alarm} note={note.trim()} />
    </span>
  );
}

/** The time in which somebody must have acted; while nobody has acknowledged, how much of it is left. */
function respondText(alarm: AlarmView, withinMs: number): string {
  const leftMs = (alarm.announcedAt ?? alarm.raisedAt ?? 0) + withinMs - gatewayNow();
  if (!isUnacknowledged(alarm)) return durationText(withinMs);
  return `${durationText(withinMs)} · ${t(leftMs < 0 ? 'overdueBy' : 'timeLeft')} ${durationText(Math.abs(leftMs))}`;
}

/** The tag that the alarm rests on: the first evidence that is one, else the asset's first. */
function tagOf(city: City, alarm: AlarmView): string | undefined {
  const evident = alarm.finding.evidence.find(({ tag }) => city.tagIndex.has(tag));
  return evident?.tag ?? city.points.get(alarm.asset)?.[0]?.definition.name;
}

function Ways({ city, alarm }: { city: City; alarm: AlarmView }) {
  const tag = tagOf(city, alarm);
  const asset = city.assets.get(alarm.asset);
  const device = tag === undefined ? alarm.asset : city.view.tags[city.tagIndex.get(tag) ?? -1]?.device;
  return (
    <nav class="ways" aria-label={t('ways')}>
      {asset && (
        <a class="button" href={href('asset', asset.id)}>
          {t('goAsset')} <span>{asset.name}</span>
        </a>
      )}
      {tag !== undefined && (
        <a class="button" href={href('trend', tag)}>
          {t('goTrend')}
        </a>
      )}
      {device !== undefined && (
        <a class="button" href={href('devices', device)}>
          {t('goDevice')} <span>{device}</span>
        </a>
      )}
    </nav>
  );
}

function Decision({ alarm }: { alarm: AlarmView }) {
  const { decision, from, score } = alarm.finding;
  return (
    <section class="detail-part">
      <h3>{t('decision')}</h3>
      <dl class="facts facts-mono">
        <dt>{t('detector')}</dt>
        <dd>{tOr(from)}</dd>
        {typeof score === 'number' && (
          <>
            <dt>{t('score')}</dt>
            <dd>{constantText(score)}</dd>
          </>
        )}
        {Object.entries(decision ?? {}).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

function Times({ alarm }: { alarm: AlarmView }) {
  const now = gatewayNow();
  const moment = (at: number | null | undefined) => (typeof at === 'number' ? momentText(at, now) : '—');
  const by = alarm.acknowledgedBy ? ` · ${alarm.acknowledgedBy}` : '';
  return (
    <dl class="facts detail-part">
      <dt>{t('since')}</dt>
      <dd>{moment(alarm.raisedAt)}</dd>
      <dt>{t('acknowledgedAt')}</dt>
      <dd>
        {moment(alarm.acknowledgedAt)}
        {by}
      </dd>
      <dt>{t('clearedAt')}</dt>
      <dd>{moment(alarm.clearedAt)}</dd>
    </dl>
  );
}
