import { isTextType } from '../../drivers/api.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { describeError } from '../../edge/core/errors.ts';
import { suggest } from '../../edge/core/suggest.ts';
import type { City } from '../city/city.ts';
import type { Happening, HappeningKind } from '../city/happening.ts';
import type { Label } from '../city/label.ts';
import type { Pace } from '../city/pace.ts';
import type { Plc } from '../city/plant.ts';
import { utilityNames } from '../city/utility-names.ts';
import type { PlcScan } from '../plc/scan.ts';
import { scenarioErrors } from '../scenarios/errors.ts';
import type { Programme } from '../scenarios/programme.ts';
import { LinkWatch } from './link-watch.ts';
import {
  type AssetState,
  assetStates,
  type CityView,
  type NetworkView,
  type NowView,
  type PlanesView,
  type PlcView,
  type PointView,
} from './view.ts';

/** Labels kept for pages; older ones are in the truth stream. */
const labelsKept = 500;

/** What people ask to happen. */
export type Wish = Pick<Happening, 'kind' | 'target' | 'magnitude' | 'durationS'> & { readonly rampS: number };

export interface DeskOptions {
  readonly city: City;
  readonly scans: readonly PlcScan[];
  readonly pace: Pace;
  readonly programme: Programme;
  readonly clock: Clock;
  /** Hears of what begins by hand, as of everything else that happens. */
  readonly tell: (label: Label) => void;
}

/** Where people look at the city and act on it: its truth, which no gateway ever sees, its clock, and what happens. */
export class CityDesk {
  readonly view: CityView;
  private readonly options: DeskOptions;
  private readonly kinds: ReadonlyMap<string, HappeningKind>;
  private readonly scans: ReadonlyMap<string, PlcScan>;
  private readonly links: LinkWatch;
  private labels: readonly Label[] = [];
  /** How many labels have been noted so far, those with a new end counted again. */
  private told = 0;
  private byHand = 0;

  constructor(options: DeskOptions) {
    const { city, scans } = options;
    this.options = options;
    this.kinds = new Map(city.happenings.map((kind) => [kind.kind, kind]));
    this.scans = new Map(scans.map((scan) => [scan.plc.id, scan]));
    this.links = new LinkWatch(city.networks.flatMap(({ links }) => links));
    this.view = {
      utilities: [...new Set(city.assets.map(({ type }) => type.split('.')[0] ?? type))],
      names: utilityNames,
      assets: city.assets,
      networks: city.networks.map(networkView),
      plcs: city.plcs.map(plcView),
      kinds: city.happenings.map(({ targets, ...kind }) => kind),
    };
  }

  /** Takes note of something that begins, or of the end that one of these has now. */
  note(label: Label): void {
    this.labels = [...this.labels.filter(({ id }) => id !== label.id), label].slice(-labelsKept);
    this.told++;
  }

  /**
   * The city now: the labels after the first `since`, the links that changed since the revision `linksSince` and, when asked
   * for, the planes of a PLC.
   */
  now(since: number, linksSince: number, plc?: string): NowView {
    const { city, pace } = this.options;
    const forgotten = this.told - this.labels.length;
    return {
      ...{ cityMs: city.nowMs, speed: pace.speed, weather: city.weather, states: this.states() },
      troubles: city.troubles.map(describeError),
      links: this.links.since(linksSince),
      happenings: this.labels.slice(Math.max(0, since - forgotten)),
      told: this.told,
      ...(plc === undefined ? {} : { plc: this.planes(plc) }),
    };
  }

  /** What a kind can happen to; LL-SCENARIO-KIND. */
  targets(kind: string): readonly string[] {
    return this.kindOf(kind).targets;
  }

  /** Points of a PLC; LL-SCENARIO-TARGET. */
  points(plc: string): readonly PointView[] {
    return this.scanOf(plc).plc.points.map(pointView);
  }

  /** Lets something begin now; LL-SCENARIO-KIND, -TARGET, -TIME, -SIZE or -OVERLAP where the city cannot play it. */
  happen(wish: Wish): Label {
    const { city, programme, clock, tell } = this.options;
    const { kind: name, target, magnitude, durationS, rampS } = wish;
    const { targets, magnitude: usual } = this.kindOf(name);
    if (!targets.includes(target)) {
      const meant = suggest(target, targets);
      const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
      throw scenarioErrors.create('TARGET', `${name} cannot happen to "${target}"${hint}`);
    }
    if (usual.low === usual.high ? magnitude !== usual.low : !(Math.abs(magnitude) > 0)) {
      throw scenarioErrors.create('SIZE', `${name} needs a size: ${usual.low}–${usual.high} ${usual.unit}`);
    }
    if (rampS > durationS && durationS > 0) {
      throw scenarioErrors.create('TIME', `it grows for ${rampS} s but lasts only ${durationS} s`);
    }
    const now = city.nowMs;
    if (this.labels.some((label) => label.kind === name && label.target === target && lasts(label, now))) {
      throw scenarioErrors.create('OVERLAP', `${name} befalls ${target} already`);
    }
    const label = programme.happen(
      { id: `by-hand-${++this.byHand}`, kind: name, target, magnitude, durationS, rampS, startMs: now },
      clock.wallMs(),
    );
    tell(label);
    return label;
  }

  /** Ends what goes on; LL-SCENARIO-TARGET when nothing of this id does. */
  end(id: string): Label {
    const { city, programme, tell } = this.options;
    const label = this.labels.find((one) => one.id === id && lasts(one, city.nowMs));
    if (!label) throw scenarioErrors.create('TARGET', `nothing called "${id}" goes on`);
    const ended = programme.end(label);
    tell(ended);
    return ended;
  }

  private kindOf(name: string): HappeningKind {
    const kind = this.kinds.get(name);
    if (kind) return kind;
    const meant = suggest(name, this.kinds.keys());
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    throw scenarioErrors.create('KIND', `this city plays no "${name}"${hint}`);
  }

  private scanOf(plc: string): PlcScan {
    const scan = this.scans.get(plc);
    if (!scan) throw scenarioErrors.create('TARGET', `this city has no PLC "${plc}"`);
    return scan;
  }

  /** What lasts marks its asset and those that it affects; a PLC without supply darkens those of which it alone tells. */
  private states(): Readonly<Record<string, AssetState>> {
    const states: Record<string, AssetState> = {};
    const mark = (asset: string, state: AssetState) => {
      const before = states[asset];
      if (before === undefined || assetStates.indexOf(state) < assetStates.indexOf(before)) states[asset] = state;
    };
    const { city } = this.options;
    for (const label of this.labels.filter((one) => lasts(one, city.nowMs))) {
      mark(label.asset, label.decoy ? 'decoy' : 'struck');
      if (!label.decoy) for (const asset of label.affected) mark(asset, 'affected');
    }
    for (const plc of city.plcs) if (plc.powered?.() === false) for (const asset of assetsOf(plc)) mark(asset, 'dark');
    return states;
  }

  private planes(plc: string): PlanesView {
    const scan = this.scanOf(plc);
    const figures = (read: (index: number) => number) =>
      scan.plc.points.map(({ type }, index) => {
        const value = isTextType(type) ? Number.NaN : read(index);
        return Number.isFinite(value) ? value : null;
      });
    return {
      id: plc,
      truth: figures((index) => scan.plc.points[index]?.read() ?? Number.NaN),
      seen: figures((index) => scan.seen?.[index] ?? Number.NaN),
      wire: figures((index) => scan.engineering(index)),
    };
  }
}

const lasts = ({ end }: Label, nowMs: number): boolean => end === null || Date.parse(end) > nowMs;

const assetsOf = ({ points }: Plc): readonly string[] => [...new Set(points.flatMap(({ asset }) => asset ?? []))];

function networkView({ utility, id, name, trunk, beside, links }: City['networks'][number]): NetworkView {
  return {
    ...{ utility, id, name, trunk, beside: beside ?? false },
    links: links.map(({ now, ...link }) => link),
  };
}

function plcView(plc: Plc): PlcView {
  const { id, utility, name, protocol, points } = plc;
  return { ...{ id, utility, name, protocol }, assets: assetsOf(plc), points: points.length };
}

function pointView(point: Plc['points'][number]): PointView {
  const { name, description, unit, noise, low, high, type, scale, asset, role, states } = point;
  return {
    ...{ name, description, unit, noise, low, high, type, scale },
    ...(asset === undefined ? {} : { asset }),
    ...(role === undefined ? {} : { role }),
    ...(states === undefined ? {} : { states }),
  };
}
