import { useState } from 'preact/hooks';
import type { AlarmView } from '../../../wire.ts';
import type { WholeList } from '../alarm-acts.ts';
import { alarmsPerPage, useAlarm, useAlarmList } from '../alarm-feed.ts';
import { readIncidents } from '../detection-feed.ts';
import type { Picture } from '../feed.ts';
import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { t } from '../language.ts';
import type { City } from '../model.ts';
import { keepOperator, operatorName } from '../operator.ts';
import { AlarmDetail } from '../parts/alarm-detail.tsx';
import { AlarmFilters, everything } from '../parts/alarm-filters.tsx';
import { AlarmList } from '../parts/alarm-list.tsx';
import { AlarmFiguresReport } from '../parts/alarm-performance.tsx';
import { AlarmToolbar } from '../parts/alarm-toolbar.tsx';
import { Unread } from '../parts/detection-tabs.tsx';
import { IncidentTable } from '../parts/incident-table.tsx';
import { PageSteps } from '../parts/page-steps.tsx';
import { PastAlarms } from '../parts/past-alarms.tsx';
import { Problem } from '../parts/problem.tsx';
import { href, type Route } from '../routes.ts';
import { hasAccount } from '../session.ts';
import { usePolled } from '../use-polled.ts';

const views = ['incidents', 'flatList', 'shelvedList', 'suppressedList', 'pastAlarms', 'alarmFigures'] as const;
type View = (typeof views)[number];
const lists = { flatList: 'standing', shelvedList: 'shelved', suppressedList: 'suppressed' } as const;

/** All alarms that are not normal: by incident, one by one, and those out of view; and the one looked at with what speaks for it. */
export function AlarmsPage({ city, picture, route }: { city: City; picture: Picture; route: Route }) {
  const selected = route.argument;
  const { alarms, hidden, flood } = picture.alarms;
  const [chosen, choose] = useState<View>();
  const asked = useAlarm(selected, route.how.get('event') ?? '');
  // in a flood nobody reads a list; safety alarms stand in the bar above all the same
  const view = chosen ?? (flood && selected === '' ? 'incidents' : 'flatList');
  const alarm = [...alarms, ...hidden].find(({ id }) => id === selected) ?? asked.view?.alarm;
  const isUnknown = selected !== '' && !alarm && asked.problem !== '';
  return (
    <div class={`alarms${alarm || isUnknown ? ' alarms-split' : ''}`}>
      <section class="panel alarms-list" aria-labelledby="alarms-title">
        <div class="panel-head">
          <h1 id="alarms-title">{t('alarms')}</h1>
          <Views view={view} picture={picture} onChoose={choose} />
          {!hasAccount() && <Operator />}
        </div>
        {flood && (
          <p class="panel-line flood" role="status">
            <strong>{t('flood')}</strong> {flood.alarms} {t('floodCount')} {momentText(flood.since, gatewayNow())}
          </p>
        )}
        {view === 'incidents' && <Incidents safety={alarms.filter((one) => one.safety)} />}
        {view === 'pastAlarms' && <PastAlarms city={city} selected={selected} />}
        {view === 'alarmFigures' && <AlarmFiguresReport city={city} />}
        {view in lists && (
          <List key={view} city={city} picture={picture} view={view as keyof typeof lists} selected={selected} />
        )}
      </section>
      {alarm && <AlarmDetail key={alarm.id} city={city} alarm={alarm} known={asked.view} />}
      {isUnknown && <UnknownAlarm problem={asked.problem} />}
    </div>
  );
}

function UnknownAlarm({ problem }: { problem: string }) {
  return (
    <aside class="panel detail">
      <div class="detail-head">
        <h2>{t('alarmUnknown')}</h2>
        <a class="button detail-close" href={href('alarms')} aria-label={t('closeDetail')}>
          ×
        </a>
      </div>
      <Problem text={problem} />
    </aside>
  );
}

interface ViewsProps {
  readonly view: View;
  readonly picture: Picture;
  readonly onChoose: (view: View) => void;
}

function Views({ view, picture, onChoose }: ViewsProps) {
  const { total, hiddenTotal, tallies } = picture.alarms;
  const counts = { flatList: total, shelvedList: tallies.shelved, suppressedList: hiddenTotal - tallies.shelved };
  return (
    <fieldset class="segments" aria-label={t('alarmViews')}>
      {views.map((one) => (
        <button key={one} type="button" class="segment" aria-pressed={one === view} onClick={() => onChoose(one)}>
          {t(one)}
          {one in counts && <span class="panel-note"> {counts[one as keyof typeof lists]}</span>}
        </button>
      ))}
    </fieldset>
  );
}

/** Alarms of one cause as one row; safety alarms stand before them, each by itself. */
function Incidents({ safety }: { safety: readonly AlarmView[] }) {
  const { view, problem } = usePolled(readIncidents, '');
  return (
    <>
      {safety.length > 0 && <AlarmList alarms={safety} selected="" />}
      {!view && <Unread problem={problem} />}
      {view && view.total > 0 && <IncidentTable incidents={view.incidents} />}
      {view?.total === 0 && safety.length === 0 && <NoAlarms />}
    </>
  );
}

interface ListProps {
  readonly city: City;
  readonly picture: Picture;
  readonly view: keyof typeof lists;
  readonly selected: string;
}

/** One list with its filters, of which several on a page can be dealt with at once. */
function List({ city, picture, view, selected }: ListProps) {
  const [filter, setFilter] = useState(everything);
  const [from, turn] = useState(0);
  const [marked, mark] = useState<ReadonlySet<string>>(new Set());
  const [whole, setWhole] = useState<WholeList>();
  const { view: found, problem } = useAlarmList({ ...filter, list: lists[view], from });
  const { total, hiddenTotal, tallies } = picture.alarms;
  const { shelved } = tallies;
  const all = { flatList: total, shelvedList: shelved, suppressedList: hiddenTotal - shelved }[view];
  if (all === 0) return view === 'flatList' ? <NoAlarms /> : <p class="empty-line">{t('nothingHidden')}</p>;
  if (!found) return <Unread problem={problem} />;
  const shown = found.alarms;
  const ids = shown.map(({ id }) => id).filter((id) => marked.has(id));
  const picked = {
    ids: marked,
    toggle(id: string) {
      setWhole(undefined);
      mark(marked.has(id) ? new Set([...marked].filter((one) => one !== id)) : new Set([...marked, id]));
    },
    toggleAll() {
      setWhole(undefined);
      mark(ids.length === shown.length ? new Set() : new Set(shown.map(({ id }) => id)));
    },
  };
  return (
    <>
      <AlarmFilters
        city={city}
        filter={filter}
        onChange={(other) => {
          setFilter(other);
          setWhole(undefined);
          turn(0);
        }}
      />
      {view !== 'suppressedList' && (
        <AlarmToolbar
          {...{ ids, whole, total: found.total, shelved: view === 'shelvedList' }}
          onDone={() => {
            mark(new Set());
            setWhole(undefined);
          }}
        />
      )}
      {view !== 'suppressedList' && ids.length === shown.length && shown.length < found.total && !whole && (
        <p class="panel-line">
          <button
            type="button"
            class="button"
            onClick={() => setWhole({ ...filter, list: lists[view], seenAt: gatewayNow() })}
          >
            {t('selectWhole')}: {found.total}
          </button>
        </p>
      )}
      <Problem text={problem} />
      {shown.length === 0 ? (
        <p class="empty-line">{t('noMatch')}</p>
      ) : (
        <AlarmList alarms={shown} selected={selected} {...(view === 'suppressedList' ? {} : { picked })} />
      )}
      <PageSteps
        {...{ from: found.from, shown: shown.length, total: found.total, perPage: alarmsPerPage }}
        onTurn={turn}
      />
    </>
  );
}

/** Under which name this screen acknowledges. */
function Operator() {
  const [name, setName] = useState(operatorName);
  return (
    <label class="operator">
      {t('acknowledgeAs')}
      <input
        type="text"
        maxLength={64}
        autocomplete="off"
        value={name}
        onInput={({ currentTarget }) => {
          setName(currentTarget.value);
          keepOperator(currentTarget.value);
        }}
      />
    </label>
  );
}

function NoAlarms() {
  return (
    <div class="empty">
      <svg width="56" height="56" viewBox="0 0 56 56" aria-hidden="true">
        <circle cx="28" cy="28" r="25" />
        <path d="m18 28.5 7 7 14-15" />
      </svg>
      <h2>{t('noAlarms')}</h2>
      <p>{t('noAlarmsHint')}</p>
    </div>
  );
}
