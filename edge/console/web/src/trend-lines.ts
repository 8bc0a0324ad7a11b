import { say } from './language.ts';
import type { City, LimitView, Point, TagView } from './model.ts';
import { noCourse, type TagCourse } from './use-courses.ts';

/** How a line is told from the others without colour, which is for what is abnormal. */
export interface LineStyle {
  /** Stands at its end. */
  readonly letter: string;
  /** Name of a colour of the style sheets. */
  readonly shade: 'ink' | 'ink-3';
  readonly dash: readonly number[];
}

const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [12, 3, 2, 3]];
const styles: readonly LineStyle[] = dashes
  .flatMap((dash) => [{ shade: 'ink', dash } as const, { shade: 'ink-3', dash } as const])
  .map((style, at) => ({ ...style, letter: String.fromCharCode(65 + at) }));

/** One point of a trend. */
export interface TrendLine extends TagCourse {
  readonly index: number;
  readonly tag: TagView;
  readonly point: Point | undefined;
  readonly limits: readonly LimitView[];
  readonly style: LineStyle;
  /** Of what is measured, and of the asset where that is known. */
  readonly name: string;
  readonly place: string;
}

const noLimits: readonly LimitView[] = [];
const notRead: TagCourse = { course: noCourse, past: undefined, loading: true, problem: '' };

/** The lines of the tags that there are, each with a style of its own. */
export function linesOf(
  city: City,
  tags: readonly string[],
  courses: ReadonlyMap<string, TagCourse>,
): readonly TrendLine[] {
  const known = tags.flatMap((name) => {
    const index = city.tagIndex.get(name);
    const tag = city.view.tags[index ?? -1];
    return index === undefined || !tag ? [] : [{ index, tag, point: city.pointOf.get(name) }];
  });
  return known.map(({ index, tag, point }, at) => ({
    ...(courses.get(tag.name) ?? notRead),
    ...{ index, tag, point, limits: point?.limits ?? noLimits, style: styles[at % styles.length] as LineStyle },
    name: point?.meaning ? say(point.meaning.name) : tag.name,
    place: point?.asset.name ?? tag.device,
  }));
}

/** The vertical scale of a point: one for each unit; states, which are names, have their own. */
export const scaleOf = ({ tag }: Pick<TrendLine, 'tag'>): string =>
  tag.states ? `state ${tag.name}` : `unit ${tag.unit}`;
