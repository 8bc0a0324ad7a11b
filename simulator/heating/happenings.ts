import type { Text } from '../../edge/core/text.ts';
import type { ActiveHappenings } from '../city/active.ts';
import type { Happening, HappeningKind, Truth } from '../city/plant.ts';
import { heatPlant, substations } from './network.ts';
import type { SubstationEffects } from './substation.ts';

const substationIds = substations.map(({ id }) => id);

/** What the heating utility plays. */
export const heatingHappenings: readonly HappeningKind[] = [
  {
    kind: 'heating.primary-break',
    title: { zh: '一次网供水管破裂', en: 'Break of a primary supply pipe' },
    magnitude: { unit: 'kg/s at 0.8 MPa', low: 3, high: 25 },
    decoy: false,
    targets: [heatPlant.id, ...substationIds],
  },
  {
    kind: 'heating.pump-trip',
    title: { zh: '循环泵跳闸', en: 'Circulation pump trips' },
    magnitude: { unit: '1', low: 1, high: 1 },
    decoy: false,
    targets: substationIds,
  },
  {
    kind: 'heating.fouling',
    title: { zh: '板式换热器结垢', en: 'Plate exchanger fouls' },
    magnitude: { unit: '% of clean heat transfer lost', low: 40, high: 80 },
    decoy: false,
    targets: substationIds,
  },
  {
    kind: 'heating.setpoint-change',
    title: { zh: '人工调整供温曲线', en: 'Operator shifts the heating curve' },
    magnitude: { unit: 'K', low: -4, high: 4 },
    decoy: true,
    targets: substationIds,
  },
];

/** Pressure at which a break's magnitude is stated, Pa. */
const breakPa = 800_000;
/** Dirt settles over this time. */
const foulingS = 2 * 3600;

/** Where a break on a target opens: the main's first junction, or the substation's branch. */
export const breakJunction = (target: string): string => (target === heatPlant.id ? 'a' : target);

/** Outflow of a break, kg/s: a hole of fixed size, q ~ √p. */
export function breakKgS(active: ActiveHappenings, target: string, pressurePa: number): number {
  const magnitude = Math.max(0, active.magnitude('heating.primary-break', target));
  return magnitude * Math.sqrt(Math.max(0, pressurePa) / breakPa);
}

/** What the running happenings do to a substation now. */
export function effectsOn(active: ActiveHappenings, id: string, timeMs: number): SubstationEffects {
  const ageS = active.ageS('heating.fouling', id, timeMs) ?? 0;
  return {
    pumpTripped: active.magnitude('heating.pump-trip', id) > 0,
    fouled: (active.magnitude('heating.fouling', id) / 100) * Math.min(1, ageS / foulingS),
    shiftK: active.magnitude('heating.setpoint-change', id),
  };
}

function describe({ kind, magnitude }: Happening, name: Text): Text {
  const figure = Math.abs(magnitude).toFixed(1);
  switch (kind) {
    case 'heating.primary-break':
      return {
        zh: `${name.zh}一次网供水管破裂，失水约${figure} kg/s`,
        en: `Primary supply pipe at ${name.en} broke and loses about ${figure} kg/s`,
      };
    case 'heating.pump-trip':
      return { zh: `${name.zh}循环泵跳闸`, en: `Circulation pump of ${name.en} tripped` };
    case 'heating.fouling':
      return {
        zh: `${name.zh}板式换热器结垢，传热能力下降${figure}%`,
        en: `Exchanger of ${name.en} fouls and loses ${figure} % of its heat transfer`,
      };
    default:
      return {
        zh: `${name.zh}供温曲线人工${magnitude < 0 ? '下调' : '上调'}${figure} K`,
        en: `Operator shifts the curve of ${name.en} by ${magnitude < 0 ? '−' : '+'}${figure} K`,
      };
  }
}

/** Ground truth of a happening. A break shows at the plant wherever it is; the target's own pressures may follow. */
export function truthOf(happening: Happening, decoy: boolean, name: Text): Truth {
  const isBreak = happening.kind === 'heating.primary-break';
  const asset = isBreak ? heatPlant.id : happening.target;
  const affected = isBreak ? [heatPlant.id, ...substationIds] : [happening.target];
  return { happening, decoy, asset, affected, text: describe(happening, name) };
}
