import { useMemo } from 'preact/hooks';
import { type Line, middleOf } from '../../../../edge/console/web/src/line-drawing.ts';
import { MapLines } from '../../../../edge/console/web/src/parts/map-lines.tsx';
import type { Spot } from '../../../../edge/console/web/src/schematic.ts';
import { type CityView, type LinkNow, type LinkState, linkStates, type NetworkView } from '../../view.ts';
import type { MapLayout } from './map-places.ts';

/** How far two pipes of one trench lie beside its axis, px. */
const besidePx = 1.8;
const atRest: LinkNow = { state: 'usual', flow: 0 };

/** A link as it is drawn. */
export interface DrawnLink extends Line {
  readonly network: NetworkView;
  readonly id: string;
  readonly state: LinkState;
}

/** The links of the utilities shown, what is wrong last so that it lies above the rest. */
export function useDrawnLinks(
  { networks }: CityView,
  links: readonly (LinkNow | undefined)[],
  { spotOf }: MapLayout,
  aside: ReadonlySet<string>,
): readonly DrawnLink[] {
  return useMemo(() => {
    let number = 0;
    const drawn = networks.flatMap((network) =>
      network.links.flatMap(({ id, from, to, via = [] }): DrawnLink[] => {
        const { state, flow } = links[number++] ?? atRest;
        if (aside.has(network.utility)) return [];
        const ends = [from, ...via, to].map(spotOf);
        const spots = ends.filter((spot) => spot !== undefined);
        if (spots.length < ends.length) return [];
        const style = `net net-${network.utility} net-${state}${network.trunk ? ' net-trunk' : ''}`;
        return [{ network, id, state, flow, style, spots: network.beside ? toTheRight(spots) : spots }];
      }),
    );
    const rank = ({ state }: DrawnLink) => linkStates.indexOf(state);
    return drawn.sort((a, b) => rank(b) - rank(a));
  }, [networks, links, spotOf, [...aside].join()]);
}

/** The lines, and a sign on each that leaks or is blocked, so that colour alone tells nothing. */
export function Networks({ drawn }: { drawn: readonly DrawnLink[] }) {
  return useMemo(
    () => (
      <>
        <MapLines lines={drawn} />
        <path class="net-mark net-mark-blocked" d={marksOf(drawn, 'blocked', bar)} />
        <path class="net-mark net-mark-leaking" d={marksOf(drawn, 'leaking', drop)} />
      </>
    ),
    [drawn],
  );
}

type Mark = (middle: NonNullable<ReturnType<typeof middleOf>>) => string;

const px = (value: number): string => value.toFixed(1);
const drop: Mark = ({ x, y }) =>
  `M${px(x)} ${px(y - 8)}c2.4 3.4 4.8 5.6 4.8 8.6a4.8 4.8 0 0 1-9.6 0c0-3 2.4-5.2 4.8-8.6Z`;
const bar: Mark = ({ x, y, dx, dy }) =>
  [-2.5, 2.5]
    .map((along) => `M${px(x + along * dx - 6 * dy)} ${px(y + along * dy + 6 * dx)}l${px(12 * dy)} ${px(-12 * dx)}`)
    .join('');

function marksOf(drawn: readonly DrawnLink[], wanted: LinkState, mark: Mark): string {
  const middles = drawn.filter(({ state }) => state === wanted).map(({ spots }) => middleOf(spots));
  return middles.map((middle) => (middle ? mark(middle) : '')).join('');
}

/** The line moved to the right of its own direction. */
function toTheRight(spots: readonly Spot[]): readonly Spot[] {
  const [first, last] = [spots[0], spots.at(-1)];
  if (!first || !last) return spots;
  const length = Math.hypot(last.x - first.x, last.y - first.y) || 1;
  const [x, y] = [(-besidePx * (last.y - first.y)) / length, (besidePx * (last.x - first.x)) / length];
  return spots.map((spot) => ({ x: spot.x + x, y: spot.y + y }));
}
