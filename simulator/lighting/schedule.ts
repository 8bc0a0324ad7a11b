import type { Step } from '../city/plant.ts';
import type { CircuitData } from './circuits.ts';

/** The controller's time table; operators may write it. */
export interface Schedule {
  /** Sun's altitude at which circuits switch, degrees; −0.8 … −4 (domain reference 1.5). */
  altitudeDeg: number;
  /** Local hours between which drivers are dimmed. */
  dimFromHour: number;
  dimToHour: number;
  /** Level of the drivers in those hours, 0..1. */
  dimLevel: number;
}

/** Memory of one circuit's switching. */
export interface SwitchState {
  /** Seconds that the photocell has been below its switch-on level, and above its switch-off level. */
  darkS: number;
  brightS: number;
  /** On by lux although the astronomical clock says day. */
  overcast: boolean;
  decided: boolean | undefined;
}

/** Photocell levels of CJJ 45-2015: 30 lx on trunk roads, 20 lx on others; off again at twice that. */
const ON_LUX = { trunk: 30, branch: 20 } as const;
const OFF_LUX_FACTOR = 2;
const LUX_DELAY_S = 300;
/** The sun sinks about this fast at dusk on 45.75° N, degrees per minute: turns offset minutes into altitude. */
const DUSK_DEG_PER_MIN = 0.175;
const RAD = Math.PI / 180;

/** The time table as shipped: half-night dimming 23:00–05:00 to 50 %. */
export function defaultSchedule(): Schedule {
  return { altitudeDeg: -3, dimFromHour: 23, dimToHour: 5, dimLevel: 0.5 };
}

/** Level of dimmable lamps at a local hour, 0..1. */
export function scheduledLevel(schedule: Schedule, hour: number): number {
  const { dimFromHour: from, dimToHour: to } = schedule;
  const inside = from <= to ? hour >= from && hour < to : hour >= from || hour < to;
  return inside ? schedule.dimLevel : 1;
}

/** Lux override: a dark storm by day switches the circuit on after five minutes, and off the same way. */
function overcastDecision(state: SwitchState, onLux: number, lux: number, dtS: number): boolean {
  state.darkS = lux < onLux ? state.darkS + dtS : 0;
  state.brightS = lux > onLux * OFF_LUX_FACTOR ? state.brightS + dtS : 0;
  if (state.darkS >= LUX_DELAY_S) state.overcast = true;
  if (state.brightS >= LUX_DELAY_S) state.overcast = false;
  return state.overcast;
}

/** On or off as the controller itself wants it; remembers the decision in `state`. */
export function autoDecision(
  state: SwitchState,
  data: CircuitData,
  schedule: Schedule,
  step: Step,
  lux: number,
): boolean {
  const threshold = (schedule.altitudeDeg - data.offsetMin * DUSK_DEG_PER_MIN) * RAD;
  const night = step.weather.sunAltitude < threshold;
  state.decided = overcastDecision(state, ON_LUX[data.road], lux, step.dtS) || night;
  return state.decided;
}
