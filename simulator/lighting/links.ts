import { type CityLink, type CityNetwork, linkNow } from '../city/networks.ts';
import type { Cabinet, Circuit } from './cabinet.ts';

/** Share of its lamps that a lit circuit of a side street has to have burning (CJJ 89). */
const leastLitShare = 0.96;
/** Residual current from which insulation counts as gone, mA (domain reference 2). */
const faultMa = 100;

/** The cables from the cabinets to their circuits. */
export const lightingNetworks = (cabinets: readonly Cabinet[]): readonly CityNetwork[] => [
  {
    ...{ id: 'circuits', name: { zh: '照明回路', en: 'Lighting circuits' }, trunk: false },
    links: cabinets.flatMap((cabinet) => cabinet.circuits.map((circuit) => circuitLink(cabinet, circuit))),
  },
];

function circuitLink({ data: { location }, volts }: Cabinet, circuit: Circuit): CityLink {
  const { data, state } = circuit;
  return {
    ...{ id: data.id, from: location, to: data.id },
    now() {
      const burning = state.burning.reduce((sum, lamps) => sum + lamps, 0);
      const lit = state.closed && state.powerW > 0;
      return linkNow(lit ? 1 : 0, {
        leaking: state.leakageMa > faultMa,
        blocked: circuit.effects.cutShare > 0,
        dead: Math.max(...volts) <= 0,
        weak: lit && burning < leastLitShare * data.lamps,
      });
    },
  };
}
