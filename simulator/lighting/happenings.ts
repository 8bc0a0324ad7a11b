import type { Text } from '../../edge/core/text.ts';
import type { ActiveHappenings } from '../city/active.ts';
import type { Happening, HappeningKind, Truth } from '../city/plant.ts';
import type { CircuitEffects } from './circuit.ts';
import { type CircuitData, circuits } from './circuits.ts';

const targets = circuits.map((circuit) => circuit.id);

/** What can happen to a lighting circuit, and how its magnitude is meant. */
export const happeningKinds: readonly HappeningKind[] = [
  {
    kind: 'lighting.lamp-failure',
    title: { zh: '路灯熄灭', en: 'Lamps out' },
    magnitude: { unit: '{lamp}', low: 3, high: 20 },
    decoy: false,
    targets,
  },
  {
    kind: 'lighting.cable-theft',
    title: { zh: '照明电缆被盗割', en: 'Cable theft' },
    magnitude: { unit: '{downstream share}', low: 0.2, high: 0.9 },
    decoy: false,
    targets,
  },
  {
    kind: 'lighting.earth-leakage',
    title: { zh: '绝缘损坏漏电', en: 'Earth leakage' },
    magnitude: { unit: 'mA', low: 120, high: 800 },
    decoy: false,
    targets,
  },
  {
    kind: 'lighting.contactor-open',
    title: { zh: '接触器拒合', en: 'Contactor does not close' },
    magnitude: { unit: '1', low: 1, high: 1 },
    decoy: false,
    targets,
  },
  {
    kind: 'lighting.contactor-welded',
    title: { zh: '接触器触点粘连', en: 'Contactor welded' },
    magnitude: { unit: '1', low: 1, high: 1 },
    decoy: false,
    targets,
  },
  {
    kind: 'lighting.maintenance-on',
    title: { zh: '白天检修亮灯', en: 'Switched on by day for maintenance' },
    magnitude: { unit: '1', low: 1, high: 1 },
    decoy: true,
    targets,
  },
];

/**
 * What the active happenings do to one circuit. `lampOrder` is the order in which its lamps would fail; dead lamps and
 * leakages of several happenings add up.
 */
export function effectsOn(
  active: ActiveHappenings,
  circuit: CircuitData,
  lampOrder: readonly number[],
): CircuitEffects {
  const magnitude = (kind: string) => active.magnitude(`lighting.${kind}`, circuit.id);
  const stuckOpen = magnitude('contactor-open') > 0;
  const welded = magnitude('contactor-welded') > 0;
  return {
    failed: new Set(lampOrder.slice(0, Math.round(magnitude('lamp-failure')))),
    cutShare: Math.min(1, magnitude('cable-theft')),
    faultMa: magnitude('earth-leakage'),
    stuck: stuckOpen ? false : welded ? true : undefined,
    manual: magnitude('maintenance-on') > 0 ? true : undefined,
  };
}

function describe(happening: Happening, circuit: CircuitData): Text {
  const { zh, en } = circuit.name;
  const figure = happening.magnitude;
  switch (happening.kind) {
    case 'lighting.lamp-failure':
      return { zh: `${zh}回路${Math.round(figure)}盏路灯熄灭`, en: `${Math.round(figure)} lamps out on ${en}` };
    case 'lighting.cable-theft': {
      const share = Math.round(figure * 100);
      return { zh: `${zh}回路末端${share}%电缆被盗割`, en: `The last ${share} % of the cable on ${en} was stolen` };
    }
    case 'lighting.earth-leakage':
      return {
        zh: `${zh}回路绝缘损坏，漏电约${Math.round(figure)} mA`,
        en: `Insulation of ${en} failed, about ${Math.round(figure)} mA to earth while it is on`,
      };
    case 'lighting.contactor-open':
      return { zh: `${zh}回路接触器拒合`, en: `The contactor of ${en} does not close` };
    case 'lighting.contactor-welded':
      return { zh: `${zh}回路接触器触点粘连`, en: `The contactor of ${en} is welded` };
    default:
      return { zh: `${zh}回路检修，人工合闸`, en: `${en} switched on by hand for maintenance` };
  }
}

/** Ground truth of a happening: nothing of it shows on other circuits. */
export function truthOf(happening: Happening, decoy: boolean, circuit: CircuitData): Truth {
  return { happening, decoy, asset: circuit.id, affected: [circuit.id], text: describe(happening, circuit) };
}
