import { useState } from 'preact/hooks';
import { gatewayNow } from '../feed.ts';
import { dateText, timeText } from '../format.ts';
import { say, t, tOr } from '../language.ts';
import type { City } from '../model.ts';
import { maxLinesSaved, pastCsv, readAllPast, usePast } from '../past-search.ts';
import { href } from '../routes.ts';
import { saveCsv } from '../save-file.ts';
import { priorities } from '../situation.ts';
import { weekMs } from '../trend-choice.ts';
import { useAction } from '../use-action.ts';
import { Choice } from './choice.tsx';
import { PriorityMark } from './priority-mark.tsx';
import { Problem } from './problem.tsx';
import { SpanChoice } from './span-choice.tsx';

const types = [
  ...(['alarm', 'alarm.raised', 'alarm.acknowledged', 'alarm.cleared', 'alarm.shelved', 'alarm.commented'] as const),
  ...(['incident', 'maintenance', 'value', 'gateway'] as const),
];

/** What is past, from the journal, newest first: found by span, utility, priority, what happened, and words. */
export function PastAlarms({ city, selected }: { city: City; selected: string }) {
  const [spanMs, setSpan] = useState(weekMs);
  // on the screen's clock, as `<input type="datetime-local">` writes it; empty for now
  const [upTo, setUpTo] = useState('');
  const [now, setNow] = useState(gatewayNow);
  const [words, setWords] = useState('');
  const [filter, setFilter] = useState({ utility: '', priority: '', type: 'alarm' });
  const to = upTo === '' ? now : new Date(upTo).getTime();
  const span = { from: `${Math.max(0, Math.round(to - spanMs))}`, to: `${Math.round(to)}` };
  const query = `${new URLSearchParams({ ...filter, words, ...span })}`;
  const set = (some: Partial<typeof filter>) => {
    setFilter({ ...filter, ...some });
    setNow(gatewayNow());
  };
  return (
    <>
      <search class="alarm-filters">
        <input
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          maxLength={200}
          onChange={({ currentTarget }) => {
            setWords(currentTarget.value);
            setNow(gatewayNow());
          }}
        />
        <Choice label={t('state')} value={filter.type} onChoose={(type) => set({ type })} all={t('allEvents')}>
          {types.map((type) => [type, t(`type-${type}`)])}
        </Choice>
        <Choice
          label={t('utility')}
          value={filter.utility}
          onChoose={(utility) => set({ utility })}
          all={t('allUtilities')}
        >
          {city.view.utilities.map(({ id, name }) => [id, say(name)])}
        </Choice>
        <Choice
          label={t('priority')}
          value={filter.priority}
          onChoose={(priority) => set({ priority })}
          all={t('allPriorities')}
        >
          {priorities.map((priority) => [priority, t(priority)])}
        </Choice>
        <SpanChoice
          value={spanMs}
          onChoose={(ms) => {
            setSpan(ms);
            setNow(gatewayNow());
          }}
        />
        <label>
          {t('upToMoment')}{' '}
          <input type="datetime-local" value={upTo} onChange={({ currentTarget }) => setUpTo(currentTarget.value)} />
        </label>
      </search>
      <Found key={query} city={city} query={query} selected={selected} />
    </>
  );
}

function Found({ city, query, selected }: { city: City; query: string; selected: string }) {
  const { lines, next, searchedTo, problem, busy, more } = usePast(query);
  const saving = useAction();
  const save = () =>
    saving.run(async () => saveCsv(`alarms-${dateText(gatewayNow())}.csv`, pastCsv(await readAllPast(query))));
  const moment = (ms: number) => `${dateText(ms)} ${timeText(ms)}`;
  return (
    <>
      <Problem text={problem || saving.problem} />
      {lines.length > 0 && (
        <table class="table past-table">
          <thead>
            <tr>
              {(['time', 'priority', 'asset', 'message', 'who', 'note'] as const).map((key) => (
                <th key={key} scope="col">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(({ sequence, time, type, subject, text, alarm, priority, by, note }) => (
              <tr key={sequence} class={alarm === selected ? 'row-selected' : undefined}>
                <td class="numeric">
                  <time>{moment(time)}</time>
                </td>
                <td>
                  {priority && (
                    <span class="alarm-priority">
                      <PriorityMark priority={priority} settled={type !== 'alarm.raised'} size={16} />
                      {tOr(priority)}
                    </span>
                  )}
                </td>
                <td>{city.assets.get(subject)?.name ?? subject}</td>
                <th scope="row">
                  {alarm ? <a href={`${href('alarms', alarm)}?event=${sequence}`}>{say(text)}</a> : say(text)}
                </th>
                <td>{by}</td>
                <td>{note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!busy && lines.length === 0 && problem === '' && <p class="empty-line">{t('nothingFound')}</p>}
      <div class="page-steps" role="status">
        <span>
          {lines.length}
          {searchedTo !== undefined && next !== null && ` · ${t('searchedTo')} ${moment(searchedTo)}`}
          {busy && ` · ${t('searching')}`}
        </span>
        <button type="button" class="button" disabled={busy || next === null} onClick={more}>
          {t('searchOn')}
        </button>
        <button
          type="button"
          class="button"
          disabled={saving.busy || lines.length === 0}
          title={`${t('cutAt')} ${maxLinesSaved}`}
          onClick={() => void save()}
        >
          {t('saveCsv')}
        </button>
      </div>
    </>
  );
}
