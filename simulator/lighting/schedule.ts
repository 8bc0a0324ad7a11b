import type { CircuitData } from './circuits.ts';
import type { Moment } from './moments.ts';

/** The controller's time table; operators may write it. */
export interface Schedule {
  /** True altitude of the sun at which circuits switch, degrees; −0.8 … −4 (domain reference 1.5). */
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
  dark: boolean;
  decided: boolean | undefined;
}

/** Photocell levels of CJJ 45-2015: 30 lx on trunk roads, 20 lx on others; off again at half as much more. */
const onLux = { trunk: 30, branch: 20 } as const;
const offLuxFactor = 1.5;
/** A dark storm must last this long, s, and be gone this long. */
const darkForS = 120;
const brightForS = 300;

/** The time table as shipped: half-night dimming 23:00–05:00 to 50 %. */
export function defaultSchedule(): Schedule {
  return { altitudeDeg: -4, dimFromHour: 23, dimToHour: 5, dimLevel: 0.5 };
}

/** A photocell that has seen nothing yet. */
export function newSwitchState(): SwitchState {
  return { darkS: 0, brightS: 0, dark: false, decided: undefined };
}

/** Level of dimmable lamps at a local hour, 0..1. */
export function scheduledLevel(schedule: Schedule, hour: number): number {
  const { dimFromHour: from, dimToHour: to } = schedule;
  const inside = from <= to ? hour >= from && hour < to : hour >= from || hour < to;
  return inside ? schedule.dimLevel : 1;
}

/**
 * Whether the photocell holds the circuit on. At night it only follows, so that a clear morning switches by the clock and
 * an overcast one stays lit; by day darkness and light must last.
 */
function photocell(state: SwitchState, night: boolean, lux: number, fromLux: number, dtS: number): boolean {
  state.darkS = lux < fromLux ? state.darkS + dtS : 0;
  state.brightS = lux > fromLux * offLuxFactor ? state.brightS + dtS : 0;
  if (night) state.dark = lux < fromLux;
  else if (state.darkS >= darkForS) state.dark = true;
  else if (state.brightS >= brightForS) state.dark = false;
  return state.dark;
}

/**
 * On or off as the controller itself wants it; remembers the decision in `state`.
 * @param lux at the circuit's photocell
 * @param clockMin how far its clock is ahead: it sees the sun where it will be
 */
export function autoDecision(
  state: SwitchState,
  data: CircuitData,
  schedule: Schedule,
  moment: Moment,
  lux: number,
  clockMin = 0,
): boolean {
  const setting = moment.hour >= 12 ? -1 : 1;
  const believedDeg = moment.altitudeDeg + setting * moment.speedDegMin * clockMin;
  // Minutes of offset are degrees of the sun's way: a positive offset shortens the night at both ends.
  const night = believedDeg + moment.speedDegMin * data.offsetMin < schedule.altitudeDeg;
  const dark = photocell(state, night, lux, onLux[data.road], moment.dtS);
  state.decided = night || dark;
  return state.decided;
}
