import { useEffect, useRef, useState } from 'preact/hooks';
import { type Course, courseOf, extendCourse, shifted } from './course.ts';
import { gatewayNow, onPicture, picture, readHistory, show } from './feed.ts';
import type { City } from './model.ts';
import { type TrendChoice, weekMs } from './trend-choice.ts';

const samplesAsked = 2_000;

/** The course of one tag as far as it is known. */
export interface TagCourse {
  readonly course: Course;
  /** That of a week before, at the time of now; undefined when it was not asked for. */
  readonly past: Course | undefined;
  readonly loading: boolean;
  /** Why history could not be read; empty when it could. */
  readonly problem: string;
}

export const noCourse: Course = { times: [], values: [], quality: [] };

/** Courses by tag, from history and, while they follow the clock, from the feed; read again after a lost link. */
export function useCourses(city: City, choice: TrendChoice): ReadonlyMap<string, TagCourse> {
  const { spanMs, toMs, lastWeek } = choice;
  const asked = choice.tags.join('\n');
  const [courses, setCourses] = useState<ReadonlyMap<string, TagCourse>>(new Map());
  const [reading, readAgain] = useState(0);
  const wasLost = useRef(false);
  // `reading` asks for the same stretch once more.
  useEffect(() => {
    let current = true;
    const tags = asked.split('\n').filter((tag) => city.tagIndex.has(tag));
    const read = new Map<string, TagCourse>();
    const end = toMs ?? gatewayNow();
    /** A week before is read ahead of the clock. */
    const aheadMs = toMs === undefined ? spanMs / 2 : 0;
    const stretch = async (tag: string, fromMs: number, untilMs: number) => {
      const definition = city.view.tags[city.tagIndex.get(tag) ?? -1];
      return courseOf(await readHistory(tag, fromMs, untilMs, samplesAsked), definition?.states !== undefined);
    };
    const readOne = async (tag: string): Promise<TagCourse> => {
      const [course, past] = await Promise.all([
        stretch(tag, end - spanMs, end + (toMs === undefined ? 1_000 : 0)),
        lastWeek ? stretch(tag, end - spanMs - weekMs, end + aheadMs - weekMs) : undefined,
      ]);
      return { course, past: past && shifted(past, weekMs), loading: false, problem: '' };
    };
    for (const tag of tags) {
      void readOne(tag)
        .catch((error: Error) => ({ course: noCourse, past: undefined, loading: false, problem: error.message }))
        .then((one) => {
          if (!current) return;
          read.set(tag, one);
          setCourses(new Map(read));
        });
    }
    const stop = onPicture(() => {
      if (picture.link === 'lost') wasLost.current = true;
      const again = picture.link !== 'lost' && wasLost.current;
      if (again || (lastWeek && aheadMs > 0 && gatewayNow() > end + aheadMs)) {
        wasLost.current = false;
        readAgain((count) => count + 1);
      } else if (toMs === undefined && extendAll(city, read, spanMs)) setCourses(new Map(read));
    });
    return () => {
      current = false;
      stop();
    };
  }, [city, asked, spanMs, toMs, lastWeek, reading]);
  return courses;
}

/** Appends what the feed brought; true when anything did. */
function extendAll(city: City, read: Map<string, TagCourse>, spanMs: number): boolean {
  const { times, values, quality } = picture.live;
  let any = false;
  for (const [tag, one] of read) {
    const index = city.tagIndex.get(tag) ?? -1;
    show(index);
    const value = values[index] ?? Number.NaN;
    if (!extendCourse(one.course, times[index] ?? 0, value, quality[index] ?? 133, spanMs)) continue;
    read.set(tag, { ...one, course: { ...one.course } });
    any = true;
  }
  return any;
}
