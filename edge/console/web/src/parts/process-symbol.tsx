import type { BodySymbol } from '../../../../core/picture.ts';
import type { AlarmView } from '../../../wire.ts';
import { tOr } from '../language.ts';
import type { Point } from '../model.ts';
import type { DrawnSymbol } from '../process-layout.ts';
import { bodySigns, fittings, wallOf } from '../process-symbols.ts';
import { rangeOf, shareOf } from '../range.ts';
import { readingAt } from '../reading.ts';
import type { Box } from '../schematic.ts';
import { alarmsOfPoint, worstOf } from '../situation.ts';

interface ProcessSymbolProps {
  readonly symbol: DrawnSymbol;
  /** What it is drawn by, as far as the asset has it. */
  readonly state: Point | undefined;
  readonly level: Point | undefined;
  /** All that stands at it. */
  readonly points: readonly Point[];
  /** Of the asset. */
  readonly alarms: readonly AlarmView[];
}

/** A symbol of a process picture: grey; filled while on, hatched while nobody knows, in an alarm's colour while one stands there. */
export function ProcessSymbol({ symbol, state, level, points, alarms }: ProcessSymbolProps) {
  const worst = worstOf(points.flatMap((point) => alarmsOfPoint(point, alarms)));
  const known = state ? readingAt(state) : undefined;
  const on = !known ? '' : known.trust === 'bad' ? ' symbol-unknown' : known.value !== 0 ? ' symbol-on' : ' symbol-off';
  const tone = worst ? ` symbol-${worst.priority}` : '';
  const { box } = symbol;
  const fitting = fittings[symbol.symbol];
  if (symbol.end) return <End symbol={symbol} />;
  if (!fitting) return <Body symbol={symbol} classes={`${on}${tone}`} level={level} />;
  const turn = symbol.back ? 'scale(-1 1) translate(-40 0)' : undefined;
  return (
    <g class={`symbol${on}${tone}`} transform={`translate(${box.x} ${box.y})`}>
      <g transform={turn}>
        {fitting.outline && <path class="symbol-outline" d={fitting.outline} />}
        <path class="symbol-inner" d={(on === ' symbol-on' && fitting.on) || fitting.inner} />
      </g>
    </g>
  );
}

/** An arrow the way it goes; both ways for a main. */
function End({ symbol: { symbol, end, box } }: { symbol: DrawnSymbol }) {
  const inward = end?.side === 'left' ? 'M2 2 14 8 2 14Z' : 'M14 2 2 8l12 6Z';
  const outward = end?.side === 'left' ? 'M14 2 2 8l12 6Z' : 'M2 2 14 8 2 14Z';
  const d = symbol === 'in' ? inward : symbol === 'out' ? outward : 'M7 3 0 8l7 5ZM9 3l7 5-7 5Z';
  return <path class="process-arrow" transform={`translate(${box.x} ${box.y})`} d={d} />;
}

function Body({ symbol, classes, level }: { symbol: DrawnSymbol; classes: string; level: Point | undefined }) {
  const { box, gauge } = symbol;
  const name = symbol.symbol;
  const left = box.x + 10 + (gauge ? gauge.width + 16 : 0);
  return (
    <g class={`symbol symbol-body${name === 'zone' ? ' symbol-zone' : ''}${classes}`}>
      <path class="symbol-wall" d={wallOf(name, box)} />
      <g transform={`translate(${left} ${box.y + 8}) scale(.95)`}>
        <path class="symbol-sign" d={bodySigns[name as BodySymbol]} />
      </g>
      <text class="symbol-name" x={left + 30} y={box.y + 24}>
        {tOr(`symbol-${name}`)}
      </text>
      {gauge && level && <Gauge point={level} box={gauge} />}
    </g>
  );
}

/** How far a body is filled: up to the value in the instrument's range, with the normal band and the limits beside it. */
function Gauge({ point, box: { x, y, width, height } }: { point: Point; box: Box }) {
  const range = rangeOf(point);
  const reading = readingAt(point);
  if (!range) return null;
  const above = (value: number) => y + height * (1 - shareOf(range, value));
  const known = Number.isFinite(reading.value);
  return (
    <g class={`gauge gauge-${reading.trust}`}>
      <rect class="gauge-field" x={x} y={y} width={width} height={height} />
      {known && (
        <rect
          class="gauge-level"
          x={x}
          y={above(reading.value)}
          width={width}
          height={y + height - above(reading.value)}
        />
      )}
      {known && <path class="gauge-surface" d={`M${x} ${above(reading.value)}h${width}`} />}
      <rect
        class="range-normal"
        x={x + width + 2}
        y={above(range.to)}
        width="4"
        height={Math.max(0, above(range.from) - above(range.to))}
      />
      {range.bounds.map((limit) => (
        <path key={limit} class="range-limit" d={`M${x} ${above(limit)}h${width + 7}`} />
      ))}
    </g>
  );
}
