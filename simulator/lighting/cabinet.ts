import type { Random } from '../../edge/core/random.ts';
import { Wander } from '../city/wander.ts';
import {
  type CircuitEffects,
  type CircuitState,
  contactorDelayS,
  countLamps,
  loadCircuit,
  moveCircuit,
  noEffects,
  rest,
  restingCircuit,
  settleCircuit,
} from './circuit.ts';
import type { CabinetData, CircuitData } from './circuits.ts';
import type { Moment } from './moments.ts';
import {
  autoDecision,
  defaultSchedule,
  newSwitchState,
  type Schedule,
  type SwitchState,
  scheduledLevel,
} from './schedule.ts';

/** A circuit with its controller's memory. */
export interface Circuit {
  readonly data: CircuitData;
  readonly state: CircuitState;
  readonly switching: SwitchState;
  readonly delayS: number;
  /** Command written over the field bus; holds until the clock decides the next change. */
  override: boolean | undefined;
  effects: CircuitEffects;
  /** Illuminance at its photocell, lux. */
  lux: number;
  /** The same as the controller reads it. */
  readonly seenLux: () => number;
}

/** A lighting cabinet: controller, supply and its circuits. Moves only by `step`, from moment to moment. */
export interface Cabinet {
  readonly data: CabinetData;
  readonly circuits: readonly Circuit[];
  readonly schedule: Schedule;
  /** Busbar voltage per phase, V. */
  readonly volts: [number, number, number];
  /** Active energy since commissioning, kWh. */
  readonly energyKwh: () => number;
  /** `supply`: voltage of the street's network in per unit of the usual one, 0 without. */
  step(moment: Moment, supply: number): void;
  setEffects(circuit: Circuit, effects: CircuitEffects): void;
}

/** Wander of each phase of the supply, V. */
const voltageSigmaV = 0.7;
/** Fall of the transformer's voltage under the neighbourhood's evening load, V. */
const eveningSagV = 3.5;
/** Rain that wets poles and splices through, mm; drying time, s. */
const wettingMm = 1.5;
const dryingS = 3 * 3600;
const commissionedKwh = 186_000;

/** Substitutions per moment; each shrinks the error to a few percent, and the last moment's currents are the start. */
const solverRounds = 3;

/** Share of the neighbourhood's evening peak at an hour of the day, 0..1, smooth. */
function eveningLoad(hour: number): number {
  const distance = Math.min(Math.abs(hour - 19.5), 24 - Math.abs(hour - 19.5));
  return Math.exp(-0.5 * (distance / 2.2) ** 2);
}

/** A circuit as installed, before its first step. */
function createCircuit(data: CircuitData, wear: number, seenLux: () => number): Circuit {
  const circuit: Circuit = {
    data,
    state: restingCircuit(),
    switching: newSwitchState(),
    delayS: contactorDelayS(wear),
    override: undefined,
    effects: noEffects,
    lux: 0,
    seenLux,
  };
  circuit.state.burning = countLamps(data, noEffects);
  return circuit;
}

/** Lets the controller decide and the circuit follow; the very first step finds it settled. */
function moveOne(circuit: Circuit, schedule: Schedule, moment: Moment, supplied: boolean, started: boolean): void {
  const { data, state, effects } = circuit;
  circuit.lux = moment.lux * data.skyView * effects.photocellShare;
  const before = circuit.switching.decided;
  const decided = autoDecision(circuit.switching, data, schedule, moment, circuit.seenLux(), effects.clockMin);
  if (decided !== before) circuit.override = undefined;
  const command = effects.manual ?? circuit.override ?? decided;
  const hour = (moment.hour + effects.clockMin / 60 + 24) % 24;
  const level = effects.festiveW > 0 ? 1 : scheduledLevel(schedule, hour);
  if (!started) settleCircuit(state, command, data.lamp === 'led' ? level : 1);
  moveCircuit(state, data, effects, { command, level, delayS: circuit.delayS, supplied }, moment.dtS);
}

/**
 * Builds a cabinet with the given circuits; `random` drives supply voltage and contactor wear only. `seenLux` tells how the
 * controller reads the photocell of a circuit, by its place in the cabinet.
 */
export function createCabinet(
  data: CabinetData,
  circuitData: readonly CircuitData[],
  random: Random,
  seenLux: (place: number) => () => number,
): Cabinet {
  const wear = random.fork('contactors');
  const supply = ['a', 'b', 'c'].map((phase) => new Wander(random.fork(`supply/${phase}`), voltageSigmaV));
  const schedule = defaultSchedule();
  const circuits = circuitData.map((entry, place) => createCircuit(entry, wear.next(), seenLux(place)));
  const volts: [number, number, number] = [data.supplyV, data.supplyV, data.supplyV];
  let wetness = 0;
  let energyKwh = commissionedKwh;
  let started = false;

  /** The busbar sags under all circuits together, and their currents answer the sag: substitution settles in few rounds. */
  function solve({ hour, timeMs }: Moment, share: number): void {
    const sagV = eveningSagV * eveningLoad(hour);
    const openV = supply.map((phase) => (data.supplyV - sagV + phase.at(timeMs)) * share);
    if (share <= 0) {
      volts.fill(0);
      for (const circuit of circuits) rest(circuit.state);
      return;
    }
    for (let round = 0; round < solverRounds; round++) {
      for (const phase of [0, 1, 2] as const) {
        const amps = circuits.reduce((sum, circuit) => sum + circuit.state.current[phase], 0);
        volts[phase] = (openV[phase] ?? data.supplyV) - amps * data.supplyOhm;
      }
      for (const circuit of circuits) loadCircuit(circuit.state, circuit.data, circuit.effects, volts, wetness);
    }
  }

  function moveWetness(moment: Moment): void {
    const wettingPerS = moment.rainMmH / 3600 / wettingMm;
    const ratePerS = wettingPerS + 1 / dryingS;
    const goal = wettingPerS / ratePerS;
    wetness = started ? goal + (wetness - goal) * Math.exp(-ratePerS * moment.dtS) : goal;
  }

  return {
    data,
    circuits,
    schedule,
    volts,
    energyKwh: () => energyKwh,
    setEffects(circuit, effects) {
      circuit.effects = effects;
      circuit.state.burning = countLamps(circuit.data, effects);
    },
    step(moment, share) {
      moveWetness(moment);
      for (const circuit of circuits) moveOne(circuit, schedule, moment, share > 0, started);
      solve(moment, share);
      for (const circuit of circuits) energyKwh += (circuit.state.powerW * moment.dtS) / 3.6e6;
      started = true;
    },
  };
}
