import type { PlanesView } from '../../view.ts';
import { t } from './texts.ts';

const [width, height] = [190, 30];
const planes = ['truth', 'seen', 'wire'] as const;

/** The last minutes of one point in all three planes, on one scale. */
export function Course({ course, at }: { course: readonly (PlanesView & { readonly cityMs: number })[]; at: number }) {
  const values = course.flatMap((one) => planes.flatMap((plane) => one[plane][at] ?? []));
  const [from, until] = [course[0]?.cityMs ?? 0, course.at(-1)?.cityMs ?? 0];
  if (values.length < 2 * planes.length || until <= from) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const path = (plane: (typeof planes)[number]) => {
    let pen = 'M';
    let drawn = '';
    for (const one of course) {
      const value = one[plane][at];
      if (typeof value !== 'number') {
        pen = 'M';
        continue;
      }
      const x = 1 + ((one.cityMs - from) / (until - from)) * (width - 2);
      const y = height - 2 - ((value - low) / span) * (height - 4);
      drawn += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = 'L';
    }
    return drawn;
  };
  return (
    <svg class="course" width={width} height={height} role="img" aria-label={planes.map(t).join(', ')}>
      {[...planes].reverse().map((plane) => (
        <path key={plane} class={`course-${plane}`} d={path(plane)} />
      ))}
    </svg>
  );
}
