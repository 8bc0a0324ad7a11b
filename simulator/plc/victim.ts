import type { Plc } from '../city/plant.ts';
import type { Instrument } from './instrument.ts';
import type { PlcSelf } from './plc-self.ts';

/** A PLC with what an attack must know of it: the points of its process, and what it tells of itself. */
export interface Victim {
  readonly plc: Plc;
  readonly self: PlcSelf;
  /** The ways of its process values, without what it tells of itself. */
  readonly instruments: readonly Instrument[];
}
