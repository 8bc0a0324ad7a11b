import { picture } from '../feed.ts';
import { say, t } from '../language.ts';
import { type AssetView, utilityOf } from '../model.ts';
import { href } from '../routes.ts';
import { type Box, labelHeightPx, type Spot } from '../schematic.ts';
import { isBlind, standingOfAsset } from '../situation.ts';
import { detailOf, outlineOf } from './glyph.tsx';
import { PriorityMark } from './priority-mark.tsx';

interface MapNodeProps {
  readonly asset: AssetView;
  readonly spot: Spot;
  /** Where its name stands; none when there is no room. */
  readonly box: Box | undefined;
  /** The one node that Tab reaches; arrow keys lead to the others. */
  readonly entry: boolean;
  readonly onLook: () => void;
}

/** An asset on the map: its utility's shape, grey; with a priority's mark, colour and number when it has an alarm. */
export function MapNode({ asset, spot, box, entry, onLook }: MapNodeProps) {
  const worst = standingOfAsset(asset.id);
  const told = worst && picture.alarms.alarms.find(({ id }) => id === worst.id);
  const blind = isBlind(asset);
  const utility = utilityOf(asset.type);
  const kind = picture.city?.view.kinds[asset.type]?.name;
  const state = worst
    ? `${t(worst.priority)}, ${told ? say(told.message) : `${worst.count} ${t('alarms')}`}`
    : t(blind ? 'noData' : 'normal');
  const tone = worst ? ` node-${worst.priority}${worst.settled ? ' node-settled' : ''}` : '';
  return (
    <>
      <a
        class={`node${tone}${blind ? ' node-blind' : ''}`}
        href={href('asset', asset.id)}
        data-asset={asset.id}
        tabindex={entry ? 0 : -1}
        aria-label={`${asset.name}, ${kind ? say(kind) : asset.type}, ${state}`}
        onFocus={onLook}
        onMouseEnter={onLook}
      >
        <g transform={`translate(${spot.x} ${spot.y})`}>
          <circle class="node-halo" r="17" />
          <g transform="translate(-11 -11) scale(1.1)">
            <path class="node-shape" d={outlineOf(utility)} />
            <path class="node-detail" d={detailOf(utility)} />
          </g>
          {blind && !worst && <path class="node-cross" d="M6-12l6 6M12-12l-6 6" />}
        </g>
        {box && (
          <text class="node-name" x={box.x} y={box.y + labelHeightPx - 3}>
            {asset.name}
          </text>
        )}
      </a>
      {worst && (
        // not of the link: who speaks to the page says the name, not the number on the mark
        <g class="node-mark" transform={`translate(${spot.x + 7} ${spot.y - 22})`}>
          <PriorityMark priority={worst.priority} settled={worst.settled} size={16} />
        </g>
      )}
    </>
  );
}
