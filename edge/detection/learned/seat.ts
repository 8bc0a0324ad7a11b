import type { Asset } from '../../core/asset.ts';
import { outsideEnvelope } from '../manifest.ts';
import type { ModelRunner } from '../model.ts';
import type { Beyond } from '../out-of-model.ts';
import { binOf, hasRisen, STABILITY_ACT, stepPageHinkley } from './drift.ts';
import type { RecentSteps } from './inputs.ts';
import { modeIn, modeKeyOf } from './operating-modes.ts';
import { dayAt, type ModelEntry, stabilityOf } from './record.ts';
import type { SiteManifest } from './site-manifest.ts';

/** A raised claim ends below this share of the limit. */
const CLEAR_SHARE = 0.7;
/** More than this share of the roles outside of what was trained is out of model. */
const MOST_OUTSIDE = 0.5;

/** What is remembered of a model between rows: plain data. */
export interface SeatState {
  /** Exponentially weighted mean of its outputs. */
  mean: number;
  above: boolean;
  /** Page–Hinkley statistic. */
  rise: number;
  drifting: boolean;
  outOfModel: boolean;
  /** Of a shadow: whether it has been above its limit in the event of the active model that goes on. */
  sawEvent: boolean;
}

export const newSeatState = (): SeatState => ({
  ...{ mean: 0, above: false, rise: 0, drifting: false, outOfModel: false, sawEvent: false },
});

/** One version of a model at work on an asset, as the one that decides or as a shadow. */
export interface Seat {
  readonly asset: Asset;
  readonly version: number;
  readonly shadow: boolean;
  /** How long after a step begins its row is taken, ms: assets take turns. */
  readonly phaseMs: number;
  readonly runner: ModelRunner;
  /** How many times as wide as trained its limit is to be at present. */
  readonly tolerance: () => number;
  /** Known once the manifest is read and fits. */
  manifest: SiteManifest | undefined;
  recent: RecentSteps | undefined;
  /** The step that the newest row was taken at. */
  step: number;
  /** What of the newest row was never trained; undefined while it cannot be judged for another reason. */
  novelty: Novelty | undefined;
  /** The states of the newest row, and for how many rows they have stood. */
  readonly standing: { states: readonly number[]; steps: number };
  readonly state: SeatState;
  readonly entry: ModelEntry;
}

/**
 * What the mean of its outputs is held against; undefined until its manifest is read. A trained limit has no margin above what
 * held-out history showed: no tolerance makes it narrower.
 */
export const limitOf = ({ manifest, tolerance }: Pick<Seat, 'manifest' | 'tolerance'>): number | undefined =>
  manifest && manifest.limit.value * Math.max(1, tolerance());

/** What was never trained of a row: ranges, and the mode, in words. */
interface Novelty {
  readonly beyond: readonly Beyond[];
  readonly unseenMode: string | undefined;
}

/** The next row when a step of the model begins; undefined between steps, while something is missing, between two modes, and out of model. */
export function takeStep(seat: Seat, wallMs: number, read: (tag: number) => number): Float32Array | undefined {
  const { manifest, recent, entry, state } = seat;
  if (!manifest || !recent) return undefined;
  const step = Math.floor((wallMs - seat.phaseMs) / (manifest.stepS * 1000));
  if (step === seat.step) return undefined;
  if (step !== seat.step + 1) {
    recent.forget();
    seat.standing.steps = 0;
  }
  seat.step = step;
  recent.take(read);
  const row = recent.row(wallMs, manifest.utcOffsetMinutes);
  const day = dayAt(entry, wallMs);
  if (!row) {
    seat.novelty = undefined;
    seat.standing.steps = 0;
    day.missing++;
    return undefined;
  }
  seat.novelty = noveltyOf(manifest, seat.standing, row);
  if (!seat.novelty) return undefined;
  const { beyond, unseenMode } = seat.novelty;
  state.outOfModel = beyond.length > 0 || unseenMode !== undefined;
  if (!state.outOfModel) return row;
  day.outOfModel++;
  return undefined;
}

/** Undefined between two modes. */
function noveltyOf(manifest: SiteManifest, standing: Seat['standing'], row: Float32Array): Novelty | undefined {
  const bounded = manifest.inputs.filter(({ envelope }) => envelope !== undefined).length;
  const outside = outsideEnvelope(manifest, row);
  const beyond = outside.length > MOST_OUTSIDE * bounded ? outside : [];
  const { modes } = manifest;
  if (!modes) return { beyond, unseenMode: undefined };
  const place = (role: string) => manifest.inputs.findIndex((input) => input.role === role && input.lag === 0);
  const states = modes.roles.map((role) => Math.round(row[place(role)] as number));
  const stands = modeIn([standing.states as number[]], states) === 0;
  Object.assign(standing, { states, steps: stands ? standing.steps + 1 : 1 });
  if (standing.steps < modes.settleSteps) return undefined;
  const isKnown = modeIn(modes.known, modeKeyOf(modes.by, states)) >= 0;
  const words = modes.roles.map((role, at) => `${role}=${states[at]}`).join(' ');
  return { beyond, unseenMode: isKnown ? undefined : words };
}

/** Takes an output into state and record. @returns whether it went above its limit or came back, and whether drift began or ended */
export function takeOutput(
  seat: Seat,
  output: number,
  timeMs: number,
): { readonly turned: boolean; readonly drifted: boolean } {
  const { manifest, state, entry } = seat;
  const limit = limitOf(seat);
  if (!manifest || limit === undefined) return { turned: false, drifted: false };
  const { smoothing, outputDeciles } = manifest;
  state.mean += smoothing * (output - state.mean);
  const before = { ...state };
  state.above = state.mean > limit * (before.above ? CLEAR_SHARE : 1);
  const day = dayAt(entry, timeMs);
  day.rows++;
  day.sum += state.mean;
  day.largest = Math.max(day.largest, state.mean);
  if (state.above) day.above++;
  if (state.above && !before.above) day.episodes++;
  if (outputDeciles) {
    const bin = binOf(outputDeciles, state.mean);
    day.bins[bin] = (day.bins[bin] ?? 0) + 1;
    state.rise = stepPageHinkley(state.rise, bin);
    state.drifting = hasRisen(state.rise) || stabilityOf(entry) > STABILITY_ACT;
  }
  return { turned: state.above !== before.above, drifted: state.drifting !== before.drifting };
}
