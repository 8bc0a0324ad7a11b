import { networkErrors } from './errors.ts';
import type { Hydraulics } from './hydraulics.ts';
import { layOut, type PumpState, type RegulatorState, type States } from './layout.ts';
import type { NetworkModel } from './model.ts';

/** Flows and pressures this near to nothing are no reason to change a state: share of a usual flow, Pa; design choices. */
const stillShare = 1e-6;
const stillPa = 1;

/** Where every solution begins: regulators hold, pumps lift. */
export function firstStates(model: NetworkModel): States {
  return {
    regulators: model.network.regulators.map(() => 'holding'),
    pumps: model.network.pumps.map(() => 'lifting'),
  };
}

/** Names states, to find the layout again that was made for them. */
export const statesKey = ({ regulators, pumps }: States): string => `${regulators.join()};${pumps.join()}`;

/** Changes are made all together in the first rounds, which is quick, and then one at a time, which does not swing. */
const jointRounds = 3;

/**
 * The states that a solution asks for, or undefined where the present ones fit. A regulator that would cut off its outlet by
 * shutting waits for the other changes; when there are none left the network is refused.
 */
export function nextStates(
  model: NetworkModel,
  states: States,
  hydraulics: Hydraulics,
  round: number,
): States | undefined {
  const wanted = wantedStates(model, states, hydraulics);
  const next: States = { regulators: [...states.regulators], pumps: [...states.pumps] };
  const most = round < jointRounds ? Number.POSITIVE_INFINITY : 1;
  let changes = 0;
  let reversed: number | undefined;
  wanted.regulators.forEach((state, index) => {
    if (state === states.regulators[index] || changes >= most) return;
    if (state === 'shut' && cutsOff(model, next, index)) {
      reversed ??= index;
      return;
    }
    next.regulators[index] = state;
    changes++;
  });
  wanted.pumps.forEach((state, index) => {
    if (state === states.pumps[index] || changes >= most) return;
    next.pumps[index] = state;
    changes++;
  });
  if (changes > 0) return next;
  if (reversed === undefined) return undefined;
  const id = model.network.regulators[reversed]?.id;
  throw networkErrors.create('REVERSED', `the flow through regulator "${id}" would have to go backwards`);
}

function wantedStates(model: NetworkModel, states: States, hydraulics: Hydraulics): States {
  const { flowKgS } = hydraulics;
  const still = stillShare * hydraulics.usualKgS;
  const { first } = model;
  return {
    regulators: states.regulators.map((state, index) => {
      const link = first.regulators + index;
      return reviewRegulator(state, {
        flow: flowKgS[link] as number,
        drivePa: hydraulics.drivePa(link),
        abovePa: (hydraulics.pressurePa(model.to[link] as number) ?? 0) - (model.setPa[index] as number),
        still,
      });
    }),
    pumps: states.pumps.map((state, index): PumpState => {
      const flow = flowKgS[first.pumps + index] as number;
      if (state === 'lifting') return flow < -still ? 'bypass' : 'lifting';
      return flow > still ? 'lifting' : 'bypass';
    }),
  };
}

/** Whether the outlet of a regulator that shuts would keep no way to a fixed pressure. */
function cutsOff(model: NetworkModel, states: States, index: number): boolean {
  const regulators = states.regulators.with(index, 'shut');
  const outlet = model.to[model.first.regulators + index] as number;
  return layOut(model, { ...states, regulators }).reached[outlet] === 0;
}

interface RegulatorReading {
  readonly flow: number;
  /** What pushes through it; undefined where an end has no pressure. */
  readonly drivePa: number | undefined;
  /** Its outlet over the set pressure. */
  readonly abovePa: number;
  /** Flows below this are none, kg/s. */
  readonly still: number;
}

function reviewRegulator(state: RegulatorState, reading: RegulatorReading): RegulatorState {
  const { flow, drivePa, abovePa, still } = reading;
  if (drivePa === undefined) return state;
  if (state === 'shut') return drivePa > stillPa && abovePa < -stillPa ? 'holding' : 'shut';
  if (flow < -still) return 'shut';
  if (state === 'holding') return drivePa < -stillPa ? 'open' : 'holding';
  return abovePa > stillPa ? 'holding' : 'open';
}
