import { networkErrors } from './errors.ts';
import type { Hydraulics } from './hydraulics.ts';
import { layOut, type PumpState, type RegulatorState, type States } from './layout.ts';
import type { NetworkModel } from './model.ts';

/** Flows and pressures this near to nothing are no reason to change a state: share of the largest flow, Pa. */
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

/** The states that a solution asks for; equal to the present ones where they fit. */
export function reviewStates(model: NetworkModel, states: States, hydraulics: Hydraulics): States {
  const { flowKgS } = hydraulics;
  const still = stillShare * flowKgS.reduce((most, flow) => Math.max(most, Math.abs(flow)), 0);
  const { first } = model;
  return {
    regulators: states.regulators.map((state, index) => {
      const link = first.regulators + index;
      const next = reviewRegulator(state, {
        flow: flowKgS[link] as number,
        inletPa: hydraulics.pressurePa(model.from[link] as number),
        outletPa: hydraulics.pressurePa(model.to[link] as number),
        setPa: model.setPa[index] as number,
        still,
      });
      if (next === 'shut' && state !== 'shut') refuseReversed(model, states, index);
      return next;
    }),
    pumps: states.pumps.map((state, index): PumpState => {
      const flow = flowKgS[first.pumps + index] as number;
      if (state === 'lifting') return flow < -still ? 'bypass' : 'lifting';
      return flow > still ? 'lifting' : 'bypass';
    }),
  };
}

interface RegulatorReading {
  readonly flow: number;
  /** Absolute; undefined where no fixed pressure is reached. */
  readonly inletPa: number | undefined;
  readonly outletPa: number | undefined;
  readonly setPa: number;
  /** Flows below this are none, kg/s. */
  readonly still: number;
}

function reviewRegulator(state: RegulatorState, reading: RegulatorReading): RegulatorState {
  const { flow, inletPa, outletPa, setPa, still } = reading;
  if (inletPa === undefined || outletPa === undefined) return state;
  if (state === 'shut') {
    if (inletPa < outletPa + stillPa || setPa < outletPa + stillPa) return 'shut';
    return inletPa > setPa ? 'holding' : 'open';
  }
  if (flow < -still) return 'shut';
  if (state === 'holding') return inletPa < setPa - stillPa ? 'open' : 'holding';
  return outletPa > setPa + stillPa ? 'holding' : 'open';
}

/** A regulator may shut only where its outlet keeps another way to a fixed pressure. */
function refuseReversed(model: NetworkModel, states: States, index: number): void {
  const regulators = states.regulators.with(index, 'shut');
  const outlet = model.to[model.first.regulators + index] as number;
  if (layOut(model, { ...states, regulators }).reached[outlet] === 1) return;
  const { id } = model.network.regulators[index] as { readonly id: string };
  throw networkErrors.create('REVERSED', `the flow through regulator "${id}" would have to go backwards`);
}
