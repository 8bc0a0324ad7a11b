import { useState } from 'preact/hooks';
import { unitSign } from '../../../../core/unit-sign.ts';
import { type Course, nearest, summary } from '../course.ts';
import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { say, t } from '../language.ts';
import type { City, Point, TagView } from '../model.ts';
import { Chart, type ChartScale } from '../parts/chart.tsx';
import { Nowhere } from '../parts/nowhere.tsx';
import { SpanChoice, spans } from '../parts/span-choice.tsx';
import { TrendSide } from '../parts/trend-side.tsx';
import { Age, Amount, QualityMark } from '../parts/value.tsx';
import { readingOf, valueText } from '../reading.ts';
import { href } from '../routes.ts';
import { useCourse } from '../use-course.ts';

/** The span chosen last; kept from tag to tag. */
let spanChosen: number = spans[0].ms;
let scaleChosen: ChartScale = 'values';

/** The course of one tag: history first, live from then on. */
export function TrendPage({ city, tag }: { city: City; tag: string }) {
  const index = city.tagIndex.get(tag);
  const definition = index === undefined ? undefined : city.view.tags[index];
  if (index === undefined || !definition) return <Nowhere />;
  return <Trend city={city} index={index} tag={definition} point={city.pointOf.get(tag)} />;
}

interface TrendProps {
  readonly city: City;
  readonly index: number;
  readonly tag: TagView;
  readonly point: Point | undefined;
}

function Trend({ city, index, tag, point }: TrendProps) {
  const [spanMs, setSpan] = useState(spanChosen);
  const [scale, setScale] = useState(scaleChosen);
  const [looked, setLooked] = useState<number>();
  const { course, problem, loading } = useCourse(index, tag, spanMs);
  const name = point?.meaning ? say(point.meaning.name) : tag.name;
  return (
    <div class="trend">
      <section class="panel trend-main" aria-labelledby="trend-title">
        <div class="trend-head">
          <div class="trend-title">
            <nav class="crumbs" aria-label={t('path')}>
              {point && <a href={href('asset', point.asset.id)}>{point.asset.name}</a>}
              <span aria-hidden="true">/</span>
              <a href={href('devices', tag.device)}>{tag.name}</a>
            </nav>
            <h1 id="trend-title">{name}</h1>
          </div>
          <Newest index={index} tag={tag} />
        </div>
        <div class="trend-tools">
          <SpanChoice
            value={spanMs}
            onChoose={(ms) => {
              spanChosen = ms;
              setSpan(ms);
            }}
          />
          <button
            type="button"
            class="button"
            aria-pressed={scale === 'range'}
            onClick={() => {
              scaleChosen = scale === 'range' ? 'values' : 'range';
              setScale(scaleChosen);
            }}
          >
            {t('wholeRange')}
          </button>
          <Readout tag={tag} course={course} at={looked} />
        </div>
        <Chart
          course={course}
          tag={tag}
          limits={point?.limits ?? []}
          spanMs={spanMs}
          scale={scale}
          onLook={setLooked}
          looked={looked}
          spoken={spokenAt(tag, course, looked)?.join(', ') ?? ''}
        />
        {problem !== '' && (
          <p class="problem" role="alert">
            {t('historyFailed')}: {problem}
          </p>
        )}
        {!loading && problem === '' && course.times.length === 0 && <p class="empty-line">{t('noHistory')}</p>}
      </section>
      <TrendSide city={city} tag={tag} point={point} />
    </div>
  );
}

function Newest({ index, tag }: { index: number; tag: TagView }) {
  const reading = readingOf(index, tag);
  return (
    <div class="newest">
      <Amount reading={reading} size="huge" />
      <span class="newest-note">
        <QualityMark reading={reading} words />
        <Age reading={reading} />
      </span>
    </div>
  );
}

/** What was at a time, as words; undefined when no time is looked at. */
function spokenAt(
  tag: TagView,
  course: Course,
  looked: number | undefined,
): readonly [time: string, value: string] | undefined {
  const at = looked === undefined ? undefined : nearest(course.times, looked);
  const time = course.times[at ?? -1];
  if (at === undefined || time === undefined) return undefined;
  const value = course.values[at];
  const text = value === null || value === undefined ? t('gap') : `${valueText(tag, value)} ${unitSign(tag.unit)}`;
  return [momentText(time * 1000, gatewayNow()), text];
}

/** The value under the pointer, or what the whole span comes to. */
function Readout({ tag, course, at }: { tag: TagView; course: Course; at: number | undefined }) {
  const [time, value] = spokenAt(tag, course, at) ?? [];
  if (time !== undefined) {
    return (
      <span class="readout">
        {time} <strong>{value}</strong>
      </span>
    );
  }
  const whole = summary(course);
  if (!whole || tag.states || tag.shows) return <span class="readout" />;
  return (
    <span class="readout">
      {t('minimum')} <strong>{valueText(tag, whole.low)}</strong>
      {t('mean')} <strong>{valueText(tag, whole.mean)}</strong>
      {t('maximum')} <strong>{valueText(tag, whole.high)}</strong>
      {unitSign(tag.unit)}
    </span>
  );
}
