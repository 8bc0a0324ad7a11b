import type { Text } from '../../edge/core/text.ts';
import type { HappeningKind } from '../city/happening.ts';
import type { Label } from '../city/label.ts';
import type { LinkEnd, LinkNow, LinkState } from '../city/networks.ts';
import type { Speed } from '../city/pace.ts';
import type { Coordinate, PlantAsset, PlcPoint, Weather } from '../city/plant.ts';

export { type LinkEnd, type LinkNow, type LinkState, linkStates } from '../city/networks.ts';

/** What of the city does not change while it lives. */
export interface CityView {
  /** Of assets, in the order in which they were built; PLCs, which are assets too, come last. */
  readonly utilities: readonly string[];
  /** Names of utilities and of what else befalls them, by the first word of a kind. */
  readonly names: Readonly<Record<string, Text>>;
  readonly assets: readonly PlantAsset[];
  readonly networks: readonly NetworkView[];
  readonly plcs: readonly PlcView[];
  readonly kinds: readonly KindView[];
}

/** A network of the map; links are numbered from 0 over all networks of the city, in order. */
export interface NetworkView {
  readonly utility: string;
  readonly id: string;
  readonly name: Text;
  readonly trunk: boolean;
  readonly beside: boolean;
  readonly links: readonly LinkView[];
}

/** Where a link runs. */
export interface LinkView {
  readonly id: string;
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  readonly via?: readonly Coordinate[];
}

/** A link that has changed: its number, and what is true of it now. */
export type LinkChange = readonly [link: number, state: LinkState, flow: LinkNow['flow']];

/** What has changed on the links since a revision that the page knows; since the beginning for one that it cannot know. */
export interface LinkChanges {
  /** To be named by the next look. */
  readonly revision: number;
  readonly changes: readonly LinkChange[];
}

export interface PlcView {
  readonly id: string;
  readonly utility: string;
  readonly name: Text;
  readonly protocol: string;
  /** Assets of which it tells. */
  readonly assets: readonly string[];
  readonly points: number;
}

/** A kind of happening without its targets, which may be all tags of the city: they are asked for by kind. */
export type KindView = Pick<HappeningKind, 'kind' | 'title' | 'magnitude' | 'decoy' | 'plane' | 'level'>;

/** What is true of an asset beside its usual life, the strongest first. */
export const assetStates = ['struck', 'affected', 'dark', 'decoy'] as const;
export type AssetState = (typeof assetStates)[number];

/** The city now. */
export interface NowView {
  /** City time, ms since epoch. */
  readonly cityMs: number;
  readonly speed: Speed;
  readonly weather: Weather;
  /** Why values are bad at present. */
  readonly troubles: readonly string[];
  /** Assets that are not as usual. */
  readonly states: Readonly<Record<string, AssetState>>;
  readonly links: LinkChanges;
  /** Labels told after the one asked for; a later one of an id takes the place of the earlier one. */
  readonly happenings: readonly Label[];
  /** How many labels have been told since the city began. */
  readonly told: number;
  readonly plc?: PlanesView;
}

/** The three planes of every point of a PLC, in engineering units; null where there is no number. */
export interface PlanesView {
  readonly id: string;
  readonly truth: readonly (number | null)[];
  readonly seen: readonly (number | null)[];
  readonly wire: readonly (number | null)[];
}

/** What of a point a page needs. */
export type PointView = Pick<PlcPoint, 'name' | 'description' | 'unit' | 'noise' | 'low' | 'high' | 'type' | 'scale'> &
  Partial<Pick<PlcPoint, 'asset' | 'role' | 'states'>>;
