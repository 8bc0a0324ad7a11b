import { say } from '../../../../edge/console/web/src/language.ts';
import { detailOf, outlineOf } from '../../../../edge/console/web/src/parts/glyph.tsx';
import { type Box, labelHeightPx } from '../../../../edge/console/web/src/schematic.ts';
import type { PlantAsset } from '../../../city/plant.ts';
import type { AssetState } from '../../view.ts';
import { utilityOf } from './city.ts';
import type { Place } from './map-places.ts';
import { t } from './texts.ts';

interface NodeProps {
  readonly asset: PlantAsset;
  /** Name of its utility. */
  readonly utility: string;
  readonly place: Place | undefined;
  /** Size of its symbol, 1 for the full one. */
  readonly scale: number;
  readonly box: Box | undefined;
  readonly state: AssetState | undefined;
  readonly chosen: boolean;
  /** The one node that Tab reaches; arrow keys lead to the others. */
  readonly entry: boolean;
  readonly onChoose: () => void;
}

/** An asset in the shape of its utility, with a halo where something is not as usual. */
export function Node({ asset, utility, place, scale, box, state, chosen, entry, onChoose }: NodeProps) {
  if (!place) return null;
  const { spot, companion } = place;
  const sign = utilityOf(asset.type);
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') onChoose();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot be drawn in
    <g
      class={`node city-node ${state ? `city-${state}` : ''} ${chosen ? 'city-chosen' : ''} ${companion ? 'city-companion' : ''}`}
      role="button"
      tabindex={entry ? 0 : -1}
      data-asset={asset.id}
      aria-label={`${say(asset.name)}, ${utility}, ${t(state ?? 'usual')}`}
      aria-pressed={chosen}
      onClick={onChoose}
      onKeyDown={press}
    >
      <g transform={`translate(${spot.x} ${spot.y}) scale(${scale})`}>
        <circle class="node-halo" r={companion ? 7 : 15} />
        <g transform={companion ? 'translate(-4 -4) scale(.4)' : 'translate(-10 -10)'}>
          <path class="node-shape" d={outlineOf(sign)} />
          {!companion && <path class="node-detail" d={detailOf(sign)} />}
        </g>
        {state === 'dark' && !companion && <path class="node-cross" d="M5-12l7 7M12-12l-7 7" />}
      </g>
      {box && (
        <text class="node-name" x={box.x} y={box.y + labelHeightPx - 3}>
          {say(asset.name)}
        </text>
      )}
    </g>
  );
}
