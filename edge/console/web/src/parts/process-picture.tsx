import { useMemo, useRef } from 'preact/hooks';
import type { PackPicture } from '../../../../core/picture.ts';
import type { AlarmView } from '../../../wire.ts';
import { t } from '../language.ts';
import { type AssetView, type City, type Point, utilityOf } from '../model.ts';
import { namesPx, symbolPx, type TileKind } from '../process-columns.ts';
import { type DrawnSymbol, layOutProcess } from '../process-layout.ts';
import { isWired } from '../process-symbols.ts';
import { href } from '../routes.ts';
import { useSize } from '../size.ts';
import { ProcessSymbol } from './process-symbol.tsx';
import { ProcessTile } from './process-tile.tsx';

const padPx = 14;
/** Before the field is known. */
const usualPx = 1040;

interface ProcessPictureProps {
  readonly city: City;
  readonly asset: AssetView;
  /** Of the asset. */
  readonly alarms: readonly AlarmView[];
}

/**
 * An asset as its kind's pack draws it, from the roles that it fills, with each value in its place. The drawing says nothing
 * that the list of values over it does not say in words.
 */
export function ProcessPicture({ city, asset, alarms }: ProcessPictureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const field = useSize(frame).width || usualPx;
  const points = city.points.get(asset.id) ?? [];
  const layout = useMemo(
    () => layOutProcess(pictureOf(city, asset), kindsOf(points), field - 2 * padPx),
    [city, asset, field],
  );
  const at = (role: string | undefined) => points.find((point) => point.role === role);
  if (points.length === 0) return null;
  return (
    <section class="panel process" aria-labelledby="process-title">
      <h2 id="process-title" class="hidden">
        {t('process')}
      </h2>
      <div class="process-frame" ref={frame}>
        <div class="process-field" style={{ width: `${layout.width}px`, height: `${layout.height}px` }}>
          <svg
            class={isWired(layout.symbols) ? 'process-wires' : undefined}
            width={layout.width}
            height={layout.height}
            aria-hidden="true"
          >
            {layout.ruleY && <path class="process-rule" d={`M0 ${layout.ruleY}H${layout.width}`} />}
            <path
              class="process-line"
              d={layout.lines
                .map((spots) => spots.map(({ x, y }, at) => `${at ? 'L' : 'M'}${x} ${y}`).join(''))
                .join('')}
            />
            {layout.symbols.map((symbol) => (
              <ProcessSymbol
                key={`${symbol.box.x}/${symbol.box.y}`}
                symbol={symbol}
                state={at(symbol.state)}
                level={at(symbol.level)}
                points={symbol.roles.flatMap((role) => at(role) ?? [])}
                alarms={alarms}
              />
            ))}
          </svg>
          <ul>
            {layout.tiles.map(({ role, kind, box }) => {
              const point = at(role);
              return point && <ProcessTile key={role} point={point} kind={kind} box={box} alarms={alarms} />;
            })}
          </ul>
          {layout.symbols.map((symbol) => (
            <Beyond key={`${symbol.box.x}/${symbol.box.y}`} city={city} asset={asset} symbol={symbol} />
          ))}
        </div>
      </div>
    </section>
  );
}

/** The picture of the asset's kind; for one that nobody drew a box with all values, between what feeds it and what it feeds. */
function pictureOf(city: City, asset: AssetView): PackPicture {
  const drawn = city.view.kinds[asset.type]?.picture;
  if (drawn) return drawn as PackPicture;
  const roles = (city.points.get(asset.id) ?? []).map(({ role }) => role);
  return [
    ...(feedersOf(city, asset).length > 0 ? [{ symbol: 'in', roles: [] } as const] : []),
    { symbol: 'box', roles },
    ...(fedBy(city, asset).length > 0 ? [{ symbol: 'out', roles: [] } as const] : []),
  ];
}

const kindsOf = (points: readonly Point[]): ReadonlyMap<string, TileKind> =>
  new Map(
    points.map(({ role, definition }) => [role, definition.states || definition.shows ? 'state' : 'value'] as const),
  );

const ofSameUtility = (one: AssetView, other: AssetView): boolean => utilityOf(one.type) === utilityOf(other.type);

const feedersOf = (city: City, asset: AssetView): readonly AssetView[] =>
  city.view.assets.filter((other) => other.upstreamOf.includes(asset.id) && ofSameUtility(other, asset));

const fedBy = (city: City, asset: AssetView): readonly AssetView[] =>
  asset.upstreamOf.flatMap((id) => city.assets.get(id) ?? []).filter((other) => ofSameUtility(other, asset));

/** What lies beyond an end of the picture: the way to the assets there. */
function Beyond({ city, asset, symbol: { end, box } }: { city: City; asset: AssetView; symbol: DrawnSymbol }) {
  if (!end?.names) return null;
  const [first, ...others] = end.side === 'left' ? feedersOf(city, asset) : fedBy(city, asset);
  if (!first) return null;
  const edge = end.side === 'left' ? { left: `${box.x}px` } : { right: `calc(100% - ${box.x + box.width}px)` };
  return (
    <span class="process-beyond" style={{ top: `${box.y + box.height / 2 - symbolPx / 2 - namesPx}px`, ...edge }}>
      <span class="hidden">{t(end.side === 'left' ? 'fedBy' : 'feeds')}</span>
      <a href={href('asset', first.id)}>{first.name}</a>
      {others.length > 0 && (
        <span title={others.map(({ name }) => name).join(', ')}>
          {' '}
          + {others.length}
          <span class="hidden"> {t('more')}</span>
        </span>
      )}
    </span>
  );
}
