import type { Text } from '../../edge/core/text.ts';
import type { ActiveHappenings } from '../city/active.ts';
import type { Happening, HappeningKind, Truth } from '../city/plant.ts';
import type { CircuitEffects } from './circuit.ts';
import { type CircuitData, circuits } from './circuits.ts';

const targets = circuits.map((circuit) => circuit.id);

const kindOf = (
  name: string,
  zh: string,
  en: string,
  [unit, low, high]: readonly [unit: string, low: number, high: number],
  decoy = false,
): HappeningKind => ({
  kind: `lighting.${name}`,
  title: { zh, en },
  magnitude: { unit, low, high },
  decoy,
  targets,
});
const once = ['1', 1, 1] as const;

/** What can happen to a lighting circuit, and how its magnitude is meant. */
export const happeningKinds: readonly HappeningKind[] = [
  { ...kindOf('lamp-failure', '路灯熄灭', 'Lamps out', ['{lamp}', 3, 20]), when: 'night' },
  {
    ...kindOf('driver-wear', '驱动电源或镇流器老化', 'Drivers or ballasts wear out', ['% of power lost', 15, 60]),
    lastsMin: [4 * 1440, 14 * 1440],
  },
  { ...kindOf('cable-theft', '照明电缆被盗割', 'Cable theft', ['{downstream share}', 0.2, 0.9]), when: 'night' },
  { ...kindOf('earth-leakage', '绝缘损坏漏电', 'Earth leakage', ['mA', 120, 800]), when: 'night' },
  { ...kindOf('phase-loss', '熔断器熔断缺相', 'Fuse of one phase blown', once), when: 'night' },
  { ...kindOf('tapping', '路灯电缆被私接用电', 'Power tapped from the cable', ['W', 1500, 6000]), when: 'night' },
  { ...kindOf('contactor-open', '接触器拒合', 'Contactor does not close', once), when: 'night' },
  { ...kindOf('contactor-welded', '接触器触点粘连', 'Contactor welded', once), when: 'day' },
  // It shows at the next dusk or dawn.
  {
    ...kindOf('clock-wrong', '控制器时钟偏差', "The controller's clock is wrong", ['min ahead', -60, 60]),
    lastsMin: [840, 2880],
  },
  {
    ...kindOf('day-burning', '光照传感器被积雪遮挡，白天亮灯', 'Photocell under snow: lit by day', [
      ...(['% of light kept out', 99.95, 100] as const),
    ]),
    when: 'day',
  },
  { ...kindOf('maintenance-on', '白天检修亮灯', 'Switched on by day for maintenance', once, true), when: 'day' },
  kindOf('festival', '节日彩灯', 'Festive lights', ['W', 500, 4000], true),
];

/** Wear grows to its size over this time, s. */
const wearS = 14 * 86_400;

/**
 * What the active happenings do to one circuit. `lampOrder` is the order in which its lamps would fail; dead lamps and
 * leakages of several happenings add up.
 */
export function effectsOn(
  active: ActiveHappenings,
  circuit: CircuitData,
  lampOrder: readonly number[],
  timeMs: number,
): CircuitEffects {
  const magnitude = (kind: string) => active.magnitude(`lighting.${kind}`, circuit.id);
  const stuckOpen = magnitude('contactor-open') > 0;
  const welded = magnitude('contactor-welded') > 0;
  const wornS = active.ageS('lighting.driver-wear', circuit.id, timeMs) ?? 0;
  return {
    failed: new Set(lampOrder.slice(0, Math.round(magnitude('lamp-failure')))),
    cutShare: Math.min(1, magnitude('cable-theft')),
    faultMa: magnitude('earth-leakage'),
    stuck: stuckOpen ? false : welded ? true : undefined,
    manual: magnitude('maintenance-on') > 0 ? true : undefined,
    worn: Math.min(1, magnitude('driver-wear') / 100) * Math.min(1, wornS / wearS),
    clockMin: magnitude('clock-wrong'),
    photocellShare: Math.max(0, 1 - magnitude('day-burning') / 100),
    deadPhase: magnitude('phase-loss') > 0 ? 0 : undefined,
    tappedW: magnitude('tapping'),
    festiveW: magnitude('festival'),
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
    case 'lighting.driver-wear':
      return {
        zh: `${zh}回路驱动电源老化，两周内功率下降${Math.round(figure)}%`,
        en: `Drivers of ${en} wear out and lose ${Math.round(figure)} % of their power within two weeks`,
      };
    case 'lighting.phase-loss':
      return { zh: `${zh}回路A相熔断器熔断`, en: `The fuse of phase a of ${en} has blown` };
    case 'lighting.tapping':
      return {
        zh: `${zh}回路被私接约${Math.round(figure)} W负荷`,
        en: `About ${Math.round(figure)} W are tapped from the cable of ${en}`,
      };
    case 'lighting.clock-wrong':
      return {
        zh: `${zh}回路控制器时钟${figure < 0 ? '慢' : '快'}${Math.round(Math.abs(figure))}分钟`,
        en: `The controller's clock of ${en} is ${Math.round(Math.abs(figure))} min ${figure < 0 ? 'slow' : 'fast'}`,
      };
    case 'lighting.day-burning':
      return { zh: `${zh}回路光照传感器被积雪遮挡，白天亮灯`, en: `Snow lies on the photocell of ${en}: lit by day` };
    case 'lighting.festival':
      return { zh: `${zh}回路接入节日彩灯`, en: `Festive lights hang on ${en}` };
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
