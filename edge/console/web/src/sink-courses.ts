import { onPicture, picture } from './feed.ts';
import { extendSinkCourse, type SinkCourse } from './sink-course.ts';

const courses = new Map<string, SinkCourse>();

/** The course of a sink; empty for one that was not seen yet. */
export const courseOfSink = (id: string): SinkCourse =>
  courses.get(id) ?? { times: [], pending: [], events: [], values: [] };

/** Puts down what becomes of the sinks for as long as the page lives. */
export function startSinkCourses(): void {
  let seen = picture.devices;
  onPicture(() => {
    if (picture.devices === seen || picture.aliveAt === 0) return;
    seen = picture.devices;
    for (const sink of seen.sinks) courses.set(sink.id, extendSinkCourse(courseOfSink(sink.id), sink, picture.aliveAt));
  });
}
