import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { unitSign } from '../../../../core/unit-sign.ts';
import { gatewayNow } from '../feed.ts';
import { dateText, timeText } from '../format.ts';
import { t } from '../language.ts';
import type { City } from '../model.ts';
import { Chart } from '../parts/chart.tsx';
import { MarkList } from '../parts/mark-list.tsx';
import { Nowhere } from '../parts/nowhere.tsx';
import { TagPicker } from '../parts/tag-picker.tsx';
import { TrendSide } from '../parts/trend-side.tsx';
import { spokenAt, TrendTable } from '../parts/trend-table.tsx';
import { TrendTools } from '../parts/trend-tools.tsx';
import { TruthFile } from '../parts/truth-file.tsx';
import { Age, Amount, QualityMark } from '../parts/value.tsx';
import { readingOf } from '../reading.ts';
import { href, type Route } from '../routes.ts';
import { saveCsv } from '../save-file.ts';
import { addressOf, choiceOf, maxPoints, type TrendChoice } from '../trend-choice.ts';
import { csvOf } from '../trend-csv.ts';
import { linesOf, type TrendLine } from '../trend-lines.ts';
import { marksOf, readAlarmTimes, readTruth } from '../trend-marks.ts';
import { type TruthSpan, truthAbout, truthOf } from '../truth.ts';
import { useCourses } from '../use-courses.ts';
import { usePolled } from '../use-polled.ts';

/** How it was looked at last; goes along to a tag that is opened without saying how. */
let howLast = '';
/** The truth of a simulated city, as long as the page lives. */
let truthRead: readonly TruthSpan[] = [];

const marksEveryMs = 10_000;

/** Courses of points: history first, live from then on, or a stretch of the past. The address holds what is shown. */
export function TrendPage({ city, route }: { city: City; route: Route }) {
  const how = route.how.size === 0 ? new URLSearchParams(howLast) : route.how;
  const choice = choiceOf({ all: route.all, how });
  const choose = (next: Partial<TrendChoice>) => {
    const address = addressOf({ ...choice, ...next });
    howLast = address.split('?')[1] ?? '';
    location.replace(address);
  };
  const courses = useCourses(city, choice);
  const lines = linesOf(city, choice.tags, courses);
  if (choice.tags.length > 0 && lines.length === 0) return <Nowhere />;
  const [first] = lines;
  const add = (tag: string) => choose({ tags: [...choice.tags, tag].slice(0, maxPoints) });
  return (
    <div class={`trend${first ? '' : ' trend-empty'}`}>
      <section class="panel trend-main" aria-labelledby="trend-title">
        <TrendHead lines={lines} />
        <div class="trend-tools">
          <TagPicker city={city} onPick={add} full={choice.tags.length >= maxPoints} />
          {first && <TrendTools choice={choice} choose={choose} onSave={() => save(lines)} />}
        </div>
        {first ? <Drawing choice={choice} choose={choose} lines={lines} /> : <p class="empty">{t('nothingDrawn')}</p>}
      </section>
      {first && <TrendSide city={city} tag={first.tag} point={first.point} shown={choice.tags} onAdd={add} />}
    </div>
  );
}

function TrendHead({ lines }: { lines: readonly TrendLine[] }) {
  const [first] = lines;
  if (!first || lines.length > 1) {
    return (
      <div class="trend-head">
        <h1 id="trend-title">{t('trend')}</h1>
      </div>
    );
  }
  const reading = readingOf(first.index, first.tag);
  return (
    <div class="trend-head">
      <div class="trend-title">
        <nav class="crumbs" aria-label={t('path')}>
          {first.point && <a href={href('asset', first.point.asset.id)}>{first.point.asset.name}</a>}
          <span aria-hidden="true">/</span>
          <a href={href('devices', first.tag.device)}>{first.tag.name}</a>
        </nav>
        <h1 id="trend-title">{first.name}</h1>
      </div>
      <div class="newest">
        <Amount reading={reading} size="huge" />
        <span class="newest-note">
          <QualityMark reading={reading} words />
          <Age reading={reading} />
        </span>
      </div>
    </div>
  );
}

interface DrawingProps {
  readonly choice: TrendChoice;
  readonly choose: (next: Partial<TrendChoice>) => void;
  readonly lines: readonly TrendLine[];
}

/** The chart with what it says in words and numbers. */
function Drawing({ choice, choose, lines }: DrawingProps) {
  const [looked, setLooked] = useState<number>();
  const [marked, setMarked] = useState<number>();
  const { truth, told, tell } = useTruth();
  const marks = useMarks(lines, choice, truth);
  const problems = lines.filter(({ problem }) => problem !== '');
  const silent = lines.every(({ loading, problem, course }) => !loading && problem === '' && course.times.length === 0);
  return (
    <>
      <Chart
        lines={lines}
        choice={choice}
        marks={marks}
        looked={looked}
        onLook={setLooked}
        marked={marked}
        onMark={setMarked}
        onZoom={(fromMs, toMs) => choose({ spanMs: toMs - fromMs, toMs })}
        spoken={spokenAt(lines, looked)}
      />
      {problems.map(({ tag, problem }) => (
        <p key={tag.name} class="panel-line problem" role="alert">
          {t('historyFailed')}: {tag.name}: {problem}
        </p>
      ))}
      {silent && <p class="empty-line">{t('noHistory')}</p>}
      <div class="trend-words">
        <TrendTable
          lines={lines}
          looked={looked}
          marked={marked}
          onRemove={(tag) => choose({ tags: choice.tags.filter((one) => one !== tag) })}
        />
        <MarkList marks={marks} />
        {!told && <TruthFile onRead={tell} />}
      </div>
    </>
  );
}

/** The truth of a simulated city: as its gateway is told it (`told`), else from a file of the reader's own (`tell`). */
function useTruth() {
  const [ofFile, setOfFile] = useState(truthRead);
  const [real, setReal] = useState(false);
  const { view } = usePolled(readTruth, '', { paused: real, everyMs: marksEveryMs });
  const lines = view?.lines ?? null;
  useEffect(() => setReal(view?.lines === null), [view]);
  const tell = (spans: readonly TruthSpan[]) => {
    truthRead = spans;
    setOfFile(spans);
  };
  const truth = useMemo(() => (lines === null ? ofFile : truthOf(lines)), [lines, ofFile]);
  return { truth, told: lines !== null, tell };
}

/** Alarms of the assets shown, asked for again from time to time, and what truth there is about them. */
function useMarks(lines: readonly TrendLine[], { spanMs, toMs }: TrendChoice, truth: readonly TruthSpan[]) {
  const assets = new Set(lines.flatMap(({ point }) => point?.asset.id ?? []));
  const read = useCallback(
    (key: string) => {
      const end = toMs ?? gatewayNow();
      return readAlarmTimes(key.split(','), end - spanMs, end);
    },
    [spanMs, toMs],
  );
  const { view } = usePolled(read, [...assets].join(','), { paused: assets.size === 0, everyMs: marksEveryMs });
  const tags = lines.map(({ tag }) => tag.name);
  return useMemo(() => {
    const end = toMs ?? gatewayNow();
    return marksOf(view ?? { times: [] }, truthAbout(truth, { assets, tags: new Set(tags) }, end - spanMs, end));
  }, [view, truth, tags.join('\n'), spanMs, toMs]);
}

/** What is drawn, as a file. */
function save(lines: readonly TrendLine[]): void {
  const columns = lines.flatMap(({ tag, course, past }) => {
    const unit = unitSign(tag.unit);
    const name = unit === '' ? tag.name : `${tag.name} [${unit}]`;
    const week = past ? [{ ...past, name: `${name} ${t('aWeekBefore')}` }] : [];
    return [{ ...course, name }, ...week];
  });
  const now = gatewayNow();
  saveCsv(`trend-${dateText(now)}-${timeText(now).replaceAll(':', '')}.csv`, csvOf(columns));
}
