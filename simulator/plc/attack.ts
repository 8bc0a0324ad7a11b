import type { Random } from '../../edge/core/random.ts';
import type { Text } from '../../edge/core/text.ts';
import type { HappeningKind, Plane } from '../city/happening.ts';
import { isSwitch, type PlcPoint } from '../city/plc-points.ts';
import type { ForeignClient } from './foreign-client.ts';
import type { Instrument } from './instrument.ts';
import type { Victim } from './victim.ts';

/** What an attack has in hand. */
export interface AttackScene extends Victim {
  /** The client that plays it. */
  readonly client: ForeignClient;
  /** The attack's own stream. */
  readonly random: Random;
  /** How long it is to last, s; that of a working day where it has no end. */
  readonly lastsS: number;
  /** Its size now, in the unit of its kind. */
  size(): number;
  /** Seconds since it began, at the end of the step that is made. */
  elapsedS(): number;
}

/** An attack that goes on: `step` once for each step of the city, before the plants move. */
export interface AttackCourse {
  step(dtS: number): void;
  /** Everything is put back as it was found. */
  end(): void;
}

/** One kind of attack, or of a lawful session that looks like one. */
interface AttackKind {
  readonly title: Text;
  readonly magnitude: HappeningKind['magnitude'];
  readonly plane: Plane;
  readonly level: NonNullable<HappeningKind['level']>;
  readonly alarmWithinS: number;
  readonly decoy?: boolean;
  /** Points of the PLC's own (without `plc-`) on which it shows. */
  readonly shows: readonly string[];
}

/** One that is aimed at a point. */
export interface PointAttack extends AttackKind {
  befalls(instrument: Instrument, victim: Victim): boolean;
  begin(scene: AttackScene, instrument: Instrument): AttackCourse;
}

/** One that is aimed at a PLC. */
export interface PlcAttack extends AttackKind {
  /** PLCs that it can befall; all of them when left out. */
  befalls?(victim: Victim): boolean;
  begin(scene: AttackScene): AttackCourse;
}

/** Whether an attack can write it. */
export const isWritable = ({ point }: Instrument): boolean => point.write !== undefined && point.text === undefined;

/** The side, 1 up or −1 down, to which a point has room from where it stands; drawn where it stands in the middle. */
export function sideOf({ low, high, read }: PlcPoint, random: Random): 1 | -1 {
  const chance = random.next();
  const fromMiddle = read() - (low + high) / 2;
  if (Math.abs(fromMiddle) < (high - low) / 10) return chance < 0.5 ? 1 : -1;
  return fromMiddle < 0 ? 1 : -1;
}

/**
 * The way in which a point is to be moved, from where it stands: to the other state of a switch, else by so many percent
 * of the range, to the side where there is room, at most to the end of the range.
 */
export function mover(point: PlcPoint, random: Random): (percent: number) => number {
  const { low, high } = point;
  const found = point.read();
  const side = sideOf(point, random);
  if (isSwitch(point)) return () => low + high - found;
  return (percent) => Math.min(high, Math.max(low, found + side * (percent / 100) * (high - low)));
}
