import { limitAt } from '../../../core/pack.ts';
import type { ModelView } from '../../wire.ts';

type AssetView = ModelView['assets'][number];
type TagView = ModelView['tags'][number];
type KindView = ModelView['kinds'][string];
export type OutputView = NonNullable<ModelView['writes']>['outputs'][number];
type RoleView = KindView['roles'][string];
export type LimitView = KindView['limits'][number];
export type { AssetView, TagView };

/** One filled role of an asset. */
export interface Point {
  readonly asset: AssetView;
  readonly role: string;
  readonly tag: number;
  readonly definition: TagView;
  /** What the pack says of the role; undefined when the pack does not know it. */
  readonly meaning: RoleView | undefined;
  readonly limits: readonly LimitView[];
}

/** The gateway's model with the look-ups that the page needs. */
export interface City {
  readonly view: ModelView;
  readonly assets: ReadonlyMap<string, AssetView>;
  /** Points by asset id, in the pack's order of roles. */
  readonly points: ReadonlyMap<string, readonly Point[]>;
  /** Points by tag name. */
  readonly pointOf: ReadonlyMap<string, Point>;
  readonly tagIndex: ReadonlyMap<string, number>;
  /** What may be written, by tag index. */
  readonly outputs: ReadonlyMap<number, OutputView>;
}

/** The utility of an asset type: the part before the dot. */
export const utilityOf = (type: string): string => type.split('.', 1)[0] ?? type;

function pointsOf(view: ModelView, asset: AssetView): readonly Point[] {
  const kind = view.kinds[asset.type];
  const order = Object.keys(kind?.roles ?? {});
  const place = (role: string) => (order.indexOf(role) + order.length + 1) % (order.length + 1);
  return Object.entries(asset.roles)
    .sort(([a], [b]) => place(a) - place(b))
    .flatMap(([role, tag]) => {
      const definition = tag === null ? undefined : view.tags[tag];
      if (tag === null || !definition) return [];
      // one crossing of a limit that counts them is nothing to be shown
      const own = (kind?.limits ?? []).filter((limit) => limit.role === role && !limit.count);
      const limits = own.map((limit) => limitAt(limit, asset));
      return [{ asset, role, tag, definition, meaning: kind?.roles[role], limits }];
    });
}

/** Builds the look-ups. */
export function cityOf(view: ModelView): City {
  const points = new Map(view.assets.map((asset) => [asset.id, pointsOf(view, asset)]));
  return {
    view,
    points,
    assets: new Map(view.assets.map((asset) => [asset.id, asset])),
    pointOf: new Map([...points.values()].flat().map((point) => [point.definition.name, point])),
    tagIndex: new Map(view.tags.map((tag, index) => [tag.name, index])),
    outputs: new Map((view.writes?.outputs ?? []).map((output) => [output.tag ?? -1, output])),
  };
}
