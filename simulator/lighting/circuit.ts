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
  /** Share of their power that worn drivers or ballasts have lost, 0..1. */
  readonly worn: number;
  /** How far the controller's clock is ahead for this circuit, minutes. */
  readonly clockMin: number;
  /** Share of its light that still reaches the photocell, 0..1. */
  readonly photocellShare: number;
  /** Phase whose fuse has blown. */
  readonly deadPhase: 0 | 1 | 2 | undefined;
  /** Load of strangers on phase b while the cable is live, W. */
  readonly tappedW: number;
  /** Festive lights on all phases while the cable is live, W; drivers are not dimmed meanwhile. */
  readonly festiveW: number;
}

/** Nothing is wrong. */
export const noEffects: CircuitEffects = {
  failed: new Set(),
  cutShare: 0,
  faultMa: 0,
  stuck: undefined,
  manual: undefined,
  worn: 0,
  clockMin: 0,
  photocellShare: 1,
  deadPhase: undefined,
  tappedW: 0,
  festiveW: 0,
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
/** Power factor of heaters, stalls and festive lights (design choice). */
const otherPowerFactor = 0.98;
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
  wanted: { command: boolean; level: number; delayS: number; supplied: boolean },
  dtS: number,
): void {
  state.command = wanted.command;
  // The coil needs the supply, too: without it the contactor drops out.
  const position = effects.stuck ?? (state.command && wanted.supplied);
  state.movingS = state.closed === position ? 0 : state.movingS + dtS;
  if (effects.stuck !== undefined || state.movingS >= wanted.delayS) state.closed = position;
  const step = dimRatePerS * dtS;
  state.level = data.lamp === 'hps' ? 1 : state.level + Math.max(-step, Math.min(step, wanted.level - state.level));
  state.lit = state.closed && wanted.supplied && (state.lit || data.lamp === 'led' || state.warmth <= restrikeWarmth);
  const goal = state.lit ? 1 : 0;
  state.warmth = goal + (state.warmth - goal) * Math.exp(-dtS / (state.lit ? warmUpS : coolDownS));
}

/** Nothing flows in a circuit whose cabinet has no supply. */
export function rest(state: CircuitState): void {
  state.current.fill(0);
  state.powerW = 0;
  state.powerFactor = 0;
  state.leakageMa = 0;
}

/** Counts the lamps that are fed and whole, by phase: lamp i hangs on phase i mod 3, the cable is cut from its far end. */
export function countLamps(data: CircuitData, effects: CircuitEffects): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  const fed = Math.round(data.lamps * (1 - effects.cutShare));
  for (let lamp = 0; lamp < fed; lamp++) {
    const phase = (lamp % 3) as 0 | 1 | 2;
    if (phase !== effects.deadPhase && !effects.failed.has(lamp)) counts[phase] += 1;
  }
  return counts;
}

/**
 * Current of one lamp at `volts`, A. LED drivers hold their power, P = Pn (0.1 + 0.9 d) (domain reference 1.5); a
 * discharge lamp on its coil takes more current and less power while it warms up, and P ~ U^1.6.
 */
function lampAmps(data: CircuitData, state: CircuitState, worn: number, volts: number): number {
  if (data.lamp === 'led') return ledWatts(data, state, worn) / (volts * (0.95 - 0.09 * (1 - state.level)));
  return (data.lampW / (nominalV * 0.9)) * (1 - worn) * (1.35 - 0.35 * state.warmth) * (volts / nominalV);
}

/** Power of the same lamp, W. */
function lampWatts(data: CircuitData, state: CircuitState, worn: number, volts: number): number {
  if (data.lamp === 'led') return ledWatts(data, state, worn);
  return data.lampW * (1 - worn) * (0.35 + 0.65 * state.warmth) * (volts / nominalV) ** 1.6;
}

const ledWatts = ({ lampW }: CircuitData, { level }: CircuitState, worn: number): number =>
  lampW * (1 - worn) * (0.1 + 0.9 * level);

/** What hangs on a phase of a live cable beside its lamps, W. */
function otherWatts({ deadPhase, tappedW, festiveW }: CircuitEffects, phase: 0 | 1 | 2): number {
  return phase === deadPhase ? 0 : (phase === 1 ? tappedW : 0) + festiveW / 3;
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
  if (!state.closed) {
    rest(state);
    return;
  }
  let watts = 0;
  let voltAmps = 0;
  let lamps = 0;
  for (const phase of [0, 1, 2] as const) {
    const count = state.lit ? state.burning[phase] : 0;
    const otherW = otherWatts(effects, phase);
    const seenAt = (amps: number) => volts[phase] - amps * data.feederOhm;
    let amps = state.current[phase];
    for (let round = 0; round < 3; round++) {
      const seenV = seenAt(amps);
      amps = count * lampAmps(data, state, effects.worn, seenV) + otherW / (seenV * otherPowerFactor);
    }
    state.current[phase] = amps;
    const drawn = count * lampWatts(data, state, effects.worn, seenAt(amps)) + otherW;
    watts += drawn + amps * amps * data.feederOhm;
    voltAmps += amps * volts[phase];
    lamps += state.burning[phase];
  }
  state.powerW = watts;
  state.powerFactor = voltAmps > 0 ? Math.min(1, watts / voltAmps) : 0;
  const dry = data.cableLeakageMa * (1 - effects.cutShare) + lamps * lampLeakageMa;
  const wet = lamps * wetLeakageMaPerLamp * wetness;
  state.leakageMa = dry + wet + effects.faultMa * (1 + 0.5 * wetness);
}
