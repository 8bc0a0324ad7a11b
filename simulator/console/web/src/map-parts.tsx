import { say } from '../../../../edge/console/web/src/language.ts';
import { detailOf, outlineOf } from '../../../../edge/console/web/src/parts/glyph.tsx';
import { type Box, labelHeightPx, type Spot } from '../../../../edge/console/web/src/schematic.ts';
import type { PlantAsset } from '../../../city/plant.ts';
import type { AssetState } from '../../view.ts';
import { utilityOf } from './city.ts';
import { t, tOr } from './texts.ts';

interface NodeProps {
  readonly asset: PlantAsset;
  readonly spot: Spot | undefined;
  readonly box: Box | undefined;
  readonly state: AssetState | undefined;
  readonly chosen: boolean;
  /** The one node that Tab reaches; arrow keys lead to the others. */
  readonly entry: boolean;
  readonly onChoose: () => void;
}

/** An asset in the shape of its utility, with a halo where something is not as usual. */
export function Node({ asset, spot, box, state, chosen, entry, onChoose }: NodeProps) {
  if (!spot) return null;
  const utility = utilityOf(asset.type);
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') onChoose();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot be drawn in
    <g
      class={`node city-node ${state ? `city-${state}` : ''} ${chosen ? 'city-chosen' : ''}`}
      role="button"
      tabindex={entry ? 0 : -1}
      data-asset={asset.id}
      aria-label={`${say(asset.name)}, ${tOr(utility)}, ${t(state ?? 'usual')}`}
      aria-pressed={chosen}
      onClick={onChoose}
      onKeyDown={press}
    >
      <g transform={`translate(${spot.x} ${spot.y})`}>
        <circle class="node-halo" r="16" />
        <g transform="translate(-10 -10)">
          <path class="node-shape" d={outlineOf(utility)} />
          <path class="node-detail" d={detailOf(utility)} />
        </g>
        {state === 'dark' && <path class="node-cross" d="M5-12l7 7M12-12l-7 7" />}
      </g>
      {box && (
        <text class="node-name" x={box.x} y={box.y + labelHeightPx - 3}>
          {say(asset.name)}
        </text>
      )}
    </g>
  );
}

/** What feeds what. */
export function Links({ shown, spots }: { shown: readonly PlantAsset[]; spots: ReadonlyMap<string, Spot> }) {
  const visible = new Set(shown.map(({ id }) => id));
  return (
    <g class="map-links">
      {shown.flatMap(({ id, type, upstreamOf }) =>
        upstreamOf
          .filter((fed) => visible.has(fed))
          .map((fed) => {
            const [from, to] = [spots.get(id), spots.get(fed)];
            if (!from || !to) return null;
            return (
              <path
                key={`${id}/${fed}`}
                class={`city-link city-link-${utilityOf(type)}`}
                d={`M${from.x} ${from.y}L${to.x} ${to.y}`}
              />
            );
          }),
      )}
    </g>
  );
}
