import type { CircuitData } from './circuits.ts';

/** What happenings do to a circuit at this moment. */
export interface CircuitEffects {
  /** Lamps that do not burn, by their place along the cable. */
  readonly failed: ReadonlySet<number>;
  /** Share of the cable's downstream end that is gone, 0..1. */
  readonly cutShare: number;
  /** Residual current of insulation faults at dry weather, mA. */
  readonly faultMa: number;
  /** Position in which the contactor sticks. */
  readonly stuck: boolean | undefined;
  /** Command of a person on site, above the clock's. */
  readonly manual: boolean | undefined;
}

/** Nothing is wrong. */
export const noEffects: CircuitEffects = {
  failed: new Set(),
  cutShare: 0,
  faultMa: 0,
  stuck: undefined,
  manual: undefined,
};

/** Measured state of one circuit; currents in A per phase, power in W. */
export interface CircuitState {
  command: boolean;
  closed: boolean;
  /** Seconds that the contactor has been asked to move. */
  movingS: number;
  /** Warmth of discharge lamps, 0 cold .. 1 full arc. */
  warmth: number;
  /** Whether discharge lamps burn: a hot lamp must cool before it strikes again. */
  lit: boolean;
  /** Dimming level of the drivers, 0..1. */
  level: number;
  /** Lamps fed and whole, by phase. */
  burning: [number, number, number];
  current: [number, number, number];
  powerW: number;
  powerFactor: number;
  leakageMa: number;
}

const contactorMinS = 0.3;
const contactorSpanS = 0.7;
/** Full arc within 4–6 min (domain reference 1.5): 95 % after three time constants. */
const warmUpS = 100;
const coolDownS = 150;
/** A discharge lamp strikes again once it has cooled to this warmth, 2–3 min after going out. */
const restrikeWarmth = 0.35;
/** Dimming ramps over a minute so that drivers do not flicker. */
const dimRatePerS = 1 / 60;
const nominalV = 220;
/** Wet ballast boxes and splices add about this per lamp. */
const wetLeakageMaPerLamp = 0.14;
const lampLeakageMa = 0.06;

/** A circuit at rest; `step` brings it to where the clock wants it. */
export function restingCircuit(): CircuitState {
  return {
    command: false,
    closed: false,
    movingS: 0,
    warmth: 0,
    lit: false,
    level: 1,
    burning: [0, 0, 0],
    current: [0, 0, 0],
    powerW: 0,
    powerFactor: 0,
    leakageMa: 0,
  };
}

/** Seconds from command to feedback for a contactor whose wear is `wear` in 0..1. */
export function contactorDelayS(wear: number): number {
  return contactorMinS + contactorSpanS * wear;
}

/** Puts a circuit where it would be after hours under one command. */
export function settleCircuit(state: CircuitState, command: boolean, level: number): void {
  state.command = command;
  state.closed = command;
  state.lit = command;
  state.warmth = command ? 1 : 0;
  state.level = level;
}

/** Moves contactor, arc and dimming by `dtS` towards the command and the wanted level. */
export function moveCircuit(
  state: CircuitState,
  data: CircuitData,
  effects: CircuitEffects,
  wanted: { command: boolean; level: number; delayS: number },
  dtS: number,
): void {
  state.command = wanted.command;
  const position = effects.stuck ?? state.command;
  state.movingS = state.closed === position ? 0 : state.movingS + dtS;
  if (effects.stuck !== undefined || state.movingS >= wanted.delayS) state.closed = position;
  const step = dimRatePerS * dtS;
  state.level = data.lamp === 'hps' ? 1 : state.level + Math.max(-step, Math.min(step, wanted.level - state.level));
  state.lit = state.closed && (state.lit || data.lamp === 'led' || state.warmth <= restrikeWarmth);
  const goal = state.lit ? 1 : 0;
  state.warmth = goal + (state.warmth - goal) * Math.exp(-dtS / (state.lit ? warmUpS : coolDownS));
}

/** Counts the lamps that are fed and whole, by phase: lamp i hangs on phase i mod 3, the cable is cut from its far end. */
export function countLamps(data: CircuitData, effects: CircuitEffects): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  const fed = Math.round(data.lamps * (1 - effects.cutShare));
  for (let lamp = 0; lamp < fed; lamp++) {
    if (!effects.failed.has(lamp)) counts[(lamp % 3) as 0 | 1 | 2] += 1;
  }
  return counts;
}

/**
 * Power and current of one lamp at `volts`. LED drivers hold their power, P = Pn (0.1 + 0.9 d) (domain reference 1.5);
 * a discharge lamp on its coil takes more current and less power while it warms up, and P ~ U^1.6.
 */
function lampLoad(data: CircuitData, state: CircuitState, volts: number): { watts: number; amps: number } {
  if (data.lamp === 'led') {
    const watts = data.lampW * (0.1 + 0.9 * state.level);
    const powerFactor = 0.95 - 0.09 * (1 - state.level);
    return { watts, amps: watts / (volts * powerFactor) };
  }
  const relative = volts / nominalV;
  const amps = (data.lampW / (nominalV * 0.9)) * (1.35 - 0.35 * state.warmth) * relative;
  return { watts: data.lampW * (0.35 + 0.65 * state.warmth) * relative ** 1.6, amps };
}

/**
 * Solves the circuit's currents at the cabinet's phase voltages: the lamps see U = U0 − I Z, so that three rounds of
 * substitution settle to well below 0.1 %. `wetness` 0..1 raises the residual current.
 */
export function loadCircuit(
  state: CircuitState,
  data: CircuitData,
  effects: CircuitEffects,
  volts: readonly [number, number, number],
  wetness: number,
): void {
  let watts = 0;
  let voltAmps = 0;
  let lamps = 0;
  for (const phase of [0, 1, 2] as const) {
    const count = state.lit ? state.burning[phase] : 0;
    let amps = state.current[phase];
    for (let round = 0; round < 3; round++) {
      amps = count * lampLoad(data, state, volts[phase] - amps * data.feederOhm).amps;
    }
    state.current[phase] = amps;
    watts += count * lampLoad(data, state, volts[phase] - amps * data.feederOhm).watts + amps * amps * data.feederOhm;
    voltAmps += amps * volts[phase];
    lamps += state.burning[phase];
  }
  state.powerW = watts;
  state.powerFactor = voltAmps > 0 ? Math.min(1, watts / voltAmps) : 0;
  const dry = data.cableLeakageMa * (1 - effects.cutShare) + lamps * lampLeakageMa;
  const wet = lamps * wetLeakageMaPerLamp * wetness;
  state.leakageMa = state.closed ? dry + wet + effects.faultMa * (1 + 0.5 * wetness) : 0;
}
