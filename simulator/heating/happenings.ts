import type { Text } from '../../edge/core/text.ts';
import type { ActiveHappenings } from '../city/active.ts';
import type { Happening, HappeningKind, Truth } from '../city/plant.ts';
import { heatPlant, substations } from './network.ts';
import type { SubstationEffects } from './substation.ts';

const substationIds = substations.map(({ id }) => id);

const kindOf = (
  name: string,
  zh: string,
  en: string,
  [unit, low, high]: readonly [unit: string, low: number, high: number],
  targets: readonly string[] = substationIds,
  decoy = false,
): HappeningKind => ({
  kind: `heating.${name}`,
  title: { zh, en },
  magnitude: { unit, low, high },
  decoy,
  targets,
  when: 'heating-season',
});

/** What the heating utility plays. */
export const heatingHappenings: readonly HappeningKind[] = [
  kindOf(
    ...(['primary-break', '一次网供水管破裂', 'Break of a primary supply pipe'] as const),
    ...([
      ['kg/s at 0.8 MPa', 5, 40],
      [heatPlant.id, ...substationIds],
    ] as const),
  ),
  kindOf('boiler-trip', '锅炉跳炉', 'Boilers trip', ['% of their heat', 30, 100], [heatPlant.id]),
  kindOf('makeup-surge', '补水阀失控', 'Make-up valve runs open', ['kg/s', 2, 8], [heatPlant.id]),
  kindOf('pump-trip', '循环泵跳闸', 'Circulation pump trips', ['1', 1, 1]),
  kindOf('fouling', '板式换热器结垢', 'Plate exchanger fouls', ['% of clean heat transfer lost', 40, 80]),
  kindOf('valve-stuck', '调节阀卡涩', 'Control valve sticks', ['% open', 0, 100]),
  kindOf('air-lock', '二次网气堵', 'Air in the secondary network', ['% of flow lost', 30, 80]),
  kindOf('secondary-leak', '二次网失水', 'Secondary network loses water', ['m3/h', 0.5, 6]),
  kindOf('sensor-swap', '二次供回水温度接线颠倒', 'Secondary sensors swapped', ['1', 1, 1]),
  kindOf('outdoor-sensor-drift', '室外温度探头漂移', 'Outdoor sensor drifts', ['K', 4, 10]),
  kindOf('frozen-return', '一次回水管冻堵', 'Primary return freezes', ['% of the cross-section', 60, 97]),
  kindOf('setpoint-change', '人工调整供温曲线', 'Operator shifts the heating curve', ['K', -4, 4], substationIds, true),
  kindOf('venting', '二次网排气放水', 'Air let out of the secondary side', ['m3/h', 0.2, 1], substationIds, true),
];

/** Pressure at which a break's magnitude is stated, Pa. */
const breakPa = 800_000;
/** Dirt settles, ice grows and a sensor drifts over these times. */
const foulingS = 2 * 3600;
const freezingS = 2 * 3600;
const driftS = 6 * 3600;

/** Where a break on a target opens: the main's first junction, or the substation's branch. */
export const breakJunction = (target: string): string => (target === heatPlant.id ? 'a' : target);

/** Outflow of a break, kg/s: a hole of fixed size, q ~ √p. */
export function breakKgS(active: ActiveHappenings, target: string, pressurePa: number): number {
  const magnitude = Math.max(0, active.magnitude('heating.primary-break', target));
  return magnitude * Math.sqrt(Math.max(0, pressurePa) / breakPa);
}

/** What the running happenings do to a substation now. */
export function effectsOn(active: ActiveHappenings, id: string, timeMs: number): SubstationEffects {
  const now = (kind: string) => active.magnitude(`heating.${kind}`, id);
  const grown = (kind: string, overS: number) =>
    now(kind) * Math.min(1, (active.ageS(`heating.${kind}`, id, timeMs) ?? 0) / overS);
  return {
    pumpTripped: now('pump-trip') > 0,
    fouled: grown('fouling', foulingS) / 100,
    shiftK: now('setpoint-change'),
    stuckAt: active.ageS('heating.valve-stuck', id, timeMs) === undefined ? undefined : now('valve-stuck') / 100,
    airShare: Math.min(1, now('air-lock') / 100),
    swapped: now('sensor-swap') > 0,
    outdoorK: grown('outdoor-sensor-drift', driftS),
    frozenShare: Math.min(0.99, grown('frozen-return', freezingS) / 100),
    lossM3H: now('secondary-leak') + now('venting'),
  };
}

/** What a happening is called with its figure, by kind. */
const texts: Readonly<Record<string, (name: Text, figure: string, sign: string) => Text>> = {
  'primary-break': (name, figure) => ({
    zh: `${name.zh}一次网供水管破裂，失水约${figure} kg/s`,
    en: `Primary supply pipe at ${name.en} broke and loses about ${figure} kg/s`,
  }),
  'boiler-trip': (name, figure) => ({
    zh: `${name.zh}锅炉跳炉，供热能力下降${figure}%`,
    en: `Boilers of ${name.en} tripped: ${figure} % of the heat is missing`,
  }),
  'makeup-surge': (name, figure) => ({
    zh: `${name.zh}补水阀失控，多进水${figure} kg/s`,
    en: `Make-up valve of ${name.en} runs open: ${figure} kg/s too much`,
  }),
  'pump-trip': (name) => ({ zh: `${name.zh}循环泵跳闸`, en: `Circulation pump of ${name.en} tripped` }),
  fouling: (name, figure) => ({
    zh: `${name.zh}板式换热器结垢，传热能力下降${figure}%`,
    en: `Exchanger of ${name.en} fouls and loses ${figure} % of its heat transfer`,
  }),
  'valve-stuck': (name, figure) => ({
    zh: `${name.zh}调节阀卡在${figure}%开度`,
    en: `Control valve of ${name.en} sticks at ${figure} %`,
  }),
  'air-lock': (name, figure) => ({
    zh: `${name.zh}二次网气堵，流量减少${figure}%`,
    en: `Air in the risers behind ${name.en} takes ${figure} % of the flow`,
  }),
  'secondary-leak': (name, figure) => ({
    zh: `${name.zh}二次网失水${figure} m³/h`,
    en: `Secondary network of ${name.en} loses ${figure} m³/h`,
  }),
  'sensor-swap': (name) => ({
    zh: `${name.zh}二次供、回水温度接线颠倒`,
    en: `Secondary sensors of ${name.en} are swapped`,
  }),
  'outdoor-sensor-drift': (name, figure) => ({
    zh: `${name.zh}室外温度探头偏高${figure} K`,
    en: `Outdoor sensor of ${name.en} drifts to ${figure} K too warm`,
  }),
  'frozen-return': (name, figure) => ({
    zh: `${name.zh}一次回水管冻堵，通流截面减少${figure}%`,
    en: `Ice takes ${figure} % of the primary return of ${name.en}`,
  }),
  'setpoint-change': (name, figure, sign) => ({
    zh: `${name.zh}供温曲线人工${sign === '−' ? '下调' : '上调'}${figure} K`,
    en: `Operator shifts the curve of ${name.en} by ${sign}${figure} K`,
  }),
  venting: (name, figure) => ({
    zh: `${name.zh}二次网排气放水${figure} m³/h`,
    en: `A crew lets air out of ${name.en} with ${figure} m³/h`,
  }),
};

function describe({ kind, magnitude }: Happening, name: Text): Text {
  const text = texts[kind.slice('heating.'.length)];
  if (!text) throw new RangeError(`no text for ${kind}`);
  return text(name, Math.abs(magnitude).toFixed(1), magnitude < 0 ? '−' : '+');
}

/** Ground truth of a happening. A break shows at the plant wherever it is; the target's own pressures may follow. */
export function truthOf(happening: Happening, decoy: boolean, name: Text): Truth {
  const isBreak = happening.kind === 'heating.primary-break';
  const asset = isBreak ? heatPlant.id : happening.target;
  const affected = asset === heatPlant.id ? [heatPlant.id, ...substationIds] : [happening.target];
  return { happening, decoy, asset, affected, text: describe(happening, name) };
}
