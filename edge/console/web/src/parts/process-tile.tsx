import type { AlarmView } from '../../../wire.ts';
import { say, t } from '../language.ts';
import type { Point } from '../model.ts';
import { nameWidth } from '../name-width.ts';
import type { TileKind } from '../process-columns.ts';
import { rangeOf, rangeText } from '../range.ts';
import { passedLimit, readingAt } from '../reading.ts';
import { href } from '../routes.ts';
import type { Box } from '../schematic.ts';
import { alarmsOfPoint, isUnacknowledged, worstOf } from '../situation.ts';
import { PriorityMark } from './priority-mark.tsx';
import { Band } from './range-bar.tsx';
import { Age, Amount, QualityMark } from './value.tsx';

/** What the padding of a tile and the mark of an alarm take of its width, px. */
const padsPx = 8;
const markPx = 19;

/** Whether a name needs a second line in a tile. */
const isLong = (name: string, tilePx: number): boolean => padsPx + nameWidth(name) > tilePx;

interface ProcessTileProps {
  readonly point: Point;
  readonly kind: TileKind;
  readonly box: Box;
  /** Of the asset. */
  readonly alarms: readonly AlarmView[];
}

/** One value in a process picture: name, number with unit, quality and age over its band, or state. */
export function ProcessTile({ point, kind, box, alarms }: ProcessTileProps) {
  const { meaning, role, definition } = point;
  const reading = readingAt(point);
  const range = rangeOf(point);
  const passed = passedLimit(point, reading) !== undefined;
  const worst = worstOf(alarmsOfPoint(point, alarms));
  const name = meaning ? say(meaning.name) : role;
  const long = isLong(name, box.width - (worst ? markPx : 0)) ? ' tile-long' : '';
  const tone = worst ? ` tile-alarm tile-${worst.priority}` : passed ? ' tile-passed' : '';
  return (
    <li
      class={`tile tile-${kind} tile-of-${reading.trust}${tone}${long}`}
      style={{ left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` }}
    >
      <span class="tile-head">
        {worst && (
          <a class="tile-mark" href={href('alarms', worst.id)} title={say(worst.message)}>
            <PriorityMark priority={worst.priority} settled={!isUnacknowledged(worst)} size={14} />
            <span class="hidden">
              {t(worst.priority)}: {say(worst.message)}
            </span>
          </a>
        )}
        <a
          class="tile-name"
          href={href('trend', definition.name)}
          title={range ? `${name} · ${rangeText(range)}` : name}
        >
          {name}
        </a>
      </span>
      <span class="tile-value">
        <Amount reading={reading} />
        {passed && <span class="hidden">{t('beyond')}</span>}
        <QualityMark reading={reading} />
        <Age reading={reading} />
      </span>
      {range && kind === 'value' && (
        <svg class={`tile-band${passed ? ' range-passed' : ''}`} width={box.width} height="9" aria-hidden="true">
          <g transform="translate(4 0)">
            <Band range={range} value={reading.value} widthPx={box.width - 8} y={5} thickPx={3} />
          </g>
        </svg>
      )}
    </li>
  );
}
