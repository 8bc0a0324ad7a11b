import { type Line, strokesOf } from '../line-drawing.ts';

/** Lines of a map with arrowheads where something flows. */
export function MapLines({ lines }: { lines: readonly Line[] }) {
  return (
    <g class="map-links">
      {strokesOf(lines).map(({ style, path, arrows }) => (
        <g key={style} class={`map-link ${style}`}>
          <path d={path} />
          <path class="map-arrow" d={arrows} />
        </g>
      ))}
    </g>
  );
}
