import { useEffect, useRef, useState } from 'preact/hooks';
import { type Course, courseOf, extendCourse } from './course.ts';
import { gatewayNow, onPicture, picture, readHistory } from './feed.ts';
import type { TagView } from './model.ts';

const maxPoints = 2_000;

interface CourseState {
  readonly course: Course;
  readonly loading: boolean;
  /** Why history could not be read; empty when it could. */
  readonly problem: string;
}

const none: Course = { times: [], values: [], quality: [] };

/** The course of a tag over the last `spanMs`, from history and then from the feed; read again after a lost link. */
export function useCourse(index: number, tag: TagView, spanMs: number): CourseState {
  const [state, setState] = useState<CourseState>({ course: none, loading: true, problem: '' });
  const [reading, readAgain] = useState(0);
  const wasLost = useRef(false);
  // `reading` asks for the same stretch once more.
  useEffect(() => {
    let current = true;
    let course: Course | undefined;
    const now = gatewayNow();
    readHistory(tag.name, now - spanMs, now + 1_000, maxPoints).then(
      (history) => {
        if (!current) return;
        course = courseOf(history, tag.states !== undefined);
        setState({ course, loading: false, problem: '' });
      },
      (error: Error) => {
        if (current) setState({ course: none, loading: false, problem: error.message });
      },
    );
    const stop = onPicture(() => {
      if (picture.link === 'lost') wasLost.current = true;
      else if (wasLost.current) {
        wasLost.current = false;
        readAgain((count) => count + 1);
      }
      const { times, values, quality } = picture.live;
      const newer =
        course && extendCourse(course, times[index] ?? 0, values[index] ?? Number.NaN, quality[index] ?? 133, spanMs);
      if (course && newer) {
        course = { ...course };
        setState({ course, loading: false, problem: '' });
      }
    });
    return () => {
      current = false;
      stop();
    };
  }, [index, tag, spanMs, reading]);
  return state;
}
