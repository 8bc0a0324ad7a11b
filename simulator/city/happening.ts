import type { RiskLevel } from '../../edge/core/alarm.ts';
import type { Location } from '../../edge/core/distance.ts';
import type { Text } from '../../edge/core/text.ts';
import type { Condition } from './conditions.ts';

/**
 * Where a happening takes hold: in the pipes, cables and machines themselves; in an instrument, whose PLC then acts on
 * what is not so; in a PLC; or between PLC and gateway, of which the PLC knows nothing.
 */
export type Plane = 'physical' | 'sensor' | 'plc' | 'network';

/** A thing that happens in the city: fault, attack, decoy or human action. */
export interface Happening {
  readonly id: string;
  /** `<utility>.<kind>`, e.g. `water.burst`. */
  readonly kind: string;
  /** Asset, PLC or `plc/point` that it happens to. */
  readonly target: string;
  readonly startMs: number;
  /** 0 when it lasts. Shortened when it is ended early: who plays it reads it anew instead of keeping an end. */
  readonly durationS: number;
  /** Time over which it grows evenly to its magnitude, s; at once when left out. */
  readonly rampS?: number;
  /** In the kind's own unit, stated where the kind is declared. */
  readonly magnitude: number;
  /** Id of the happening of whose doing this one is. */
  readonly parent?: string;
}

/** A kind of happening a plant can play. */
export interface HappeningKind {
  readonly kind: string;
  readonly title: Text;
  /** What `magnitude` means, with its unit and usual range; `low` = `high` for what is or is not. */
  readonly magnitude: { readonly unit: string; readonly low: number; readonly high: number };
  /** A decoy must raise no alarm. */
  readonly decoy: boolean;
  /** What it can happen to. */
  readonly targets: readonly string[];
  /** How long one lasts, min, from the shortest in which it shows; any time when left out. */
  readonly lastsMin?: readonly [low: number, high: number];
  /** What must be so when it begins; nothing when left out. */
  readonly when?: Condition;
  /** `physical` when left out. */
  readonly plane?: Plane;
  /** What it puts at risk, from I (major) to IV (low); III when left out. */
  readonly level?: RiskLevel;
  /** Time in which an alarm must be there, s; by its level when left out. */
  readonly alarmWithinS?: number;
}

/** Ground truth about one happening, which the gateway never sees. */
export interface Truth {
  readonly happening: Happening;
  readonly decoy: boolean;
  /** Asset on which an alarm is right. */
  readonly asset: string;
  /** Assets on which a consequence may rightly alarm, the asset itself included. */
  readonly affected: readonly string[];
  /** Tags that show it, `plc/point`; those that fill roles of its asset when left out. */
  readonly tags?: readonly string[];
  /** Where in its asset's network it struck; left out where that is the asset itself. */
  readonly place?: { readonly id: string; readonly location: Location };
  readonly text: Text;
}
