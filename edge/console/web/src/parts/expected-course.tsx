import { useCallback } from 'preact/hooks';
import type { CourseView } from '../../../detection-wire.ts';
import { readExpected } from '../detection-feed.ts';
import { gatewayNow } from '../feed.ts';
import { say, t, tOr } from '../language.ts';
import type { City } from '../model.ts';
import { usePolled } from '../use-polled.ts';
import { ExpectedChart } from './expected-chart.tsx';

/** Hours that are drawn, and how often they are drawn anew. */
const hours = 6;
const everyMs = 30_000;
/** Where history is shorter, it is drawn from its begin on, but no less than so many minutes. */
const leastRows = 30;

/** The course from the first observed row on. */
function sinceObserved(course: CourseView): CourseView {
  const first = course.observed.findIndex((value) => value !== null);
  const from = Math.max(0, Math.min(first, course.times.length - leastRows));
  const { times, observed, expected, low, high } = course;
  const rest = { observed: observed.slice(from), expected: expected.slice(from), low: low.slice(from) };
  return { ...course, ...rest, high: high.slice(from), times: times.slice(from) };
}

/** What a claim rests on beside what is expected of it, where history tells; a word where nothing can be drawn. */
export function ExpectedCourse({ city, asset, kind }: { city: City; asset: string; kind: string }) {
  const read = useCallback(() => readExpected(asset, kind, gatewayNow(), hours), [asset, kind]);
  const { view, problem } = usePolled(read, `${asset}/${kind}`, { everyMs });
  if (!view && problem !== '') return <p class="empty-line problem">{problem}</p>;
  if (!view) return <div class="expected expected-waiting" />;
  const { course } = view;
  if (!course) return <p class="empty-line course-none">{t('noCourse')}</p>;
  if (course.observed.every((value) => value === null)) return <p class="empty-line course-none">{t('noHistory')}</p>;
  const meaning = city.pointOf.get(course.quantity)?.meaning;
  return <ExpectedChart course={sinceObserved(course)} name={meaning ? say(meaning.name) : tOr(course.quantity)} />;
}
