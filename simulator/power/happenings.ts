import type { Text } from '../../edge/core/text.ts';
import type { ActiveHappenings } from '../city/active.ts';
import type { Happening, HappeningKind, Truth } from '../city/plant.ts';
import type { FeederEffects } from './feeder.ts';
import { feeders, sections, services } from './network.ts';
import type { ServiceEffects } from './service.ts';
import type { SectionEffects } from './substation.ts';

const feederIds = feeders.map(({ id }) => id);
const serviceIds = services.map(({ id }) => id);
const transformerIds = sections.map(({ transformer }) => transformer.id);
const busIds = sections.map(({ bus }) => bus.id);

type Range = readonly [unit: string, low: number, high: number];
const kindOf = (
  kind: string,
  title: Text,
  [unit, low, high]: Range,
  targets: readonly string[],
  decoy = false,
): HappeningKind => ({ kind: `power.${kind}`, title, magnitude: { unit, low, high }, decoy, targets });

const once: Range = ['1', 1, 1];

/** What the power utility plays, and how each magnitude is meant. */
export const powerHappenings: readonly HappeningKind[] = [
  kindOf(
    'feeder-trip',
    { zh: '10 kV 线路短路跳闸', en: 'A short circuit trips a 10 kV line' },
    ['kA', 2, 12],
    feederIds,
  ),
  kindOf('breaker-refuses', { zh: '断路器误跳后拒合', en: 'A breaker trips and does not close' }, once, feederIds),
  kindOf(
    'earth-fault',
    { zh: '10 kV 单相接地', en: 'A phase of a 10 kV line touches earth' },
    ['%', 40, 100],
    feederIds,
  ),
  kindOf('phase-loss', { zh: '10 kV 线路断相', en: 'A phase of a 10 kV line is lost' }, once, feederIds),
  kindOf('overload', { zh: '10 kV 线路过负荷', en: 'A 10 kV line is overloaded' }, ['MW', 6, 9], feederIds),
  kindOf('transformer-trip', { zh: '主变差动保护跳闸', en: 'A transformer trips' }, once, transformerIds),
  kindOf(
    'tap-runaway',
    { zh: '有载调压失控升档', en: 'A tap changer runs away upwards' },
    ['{tap}', 5, 8],
    transformerIds,
  ),
  kindOf('voltage-dip', { zh: '66 kV 电网电压暂降', en: 'The 66 kV grid dips' }, ['% left', 30, 80], busIds),
  kindOf('service-trip', { zh: '配电室进线开关跳闸', en: "A consumer's main breaker trips" }, once, serviceIds),
  kindOf(
    'battery-aged',
    { zh: '直流蓄电池容量衰减', en: 'A battery has lost capacity' },
    ['% lost', 40, 95],
    serviceIds,
  ),
  kindOf(
    'planned-switching',
    { zh: '计划倒闸合环转供', en: 'A line is switched over for work' },
    once,
    feederIds,
    true,
  ),
  kindOf('battery-test', { zh: '蓄电池核对性放电', en: 'A battery is tested' }, once, serviceIds, true),
];

/** What the running happenings do, asked part by part. */
export class Effects {
  private readonly active: ActiveHappenings;

  constructor(active: ActiveHappenings) {
    this.active = active;
  }

  feeder(id: string): FeederEffects {
    return {
      faultKa: this.of('feeder-trip', id),
      refuses: this.of('breaker-refuses', id) > 0,
      phaseLost: this.of('phase-loss', id) > 0,
      displacement: Math.min(1, this.of('earth-fault', id) / 100),
      transferred: this.of('planned-switching', id) > 0,
    };
  }

  /** Load beyond the usual one, MW. */
  overloadMw(id: string): number {
    return this.of('overload', id);
  }

  section(transformer: string): SectionEffects {
    return {
      tripped: this.of('transformer-trip', transformer) > 0,
      runawayTaps: this.of('tap-runaway', transformer),
    };
  }

  service(id: string): ServiceEffects {
    return {
      tripped: this.of('service-trip', id) > 0,
      aged: Math.min(1, this.of('battery-aged', id) / 100),
      testing: this.of('battery-test', id) > 0,
    };
  }

  /** Share of the 66 kV voltage that a dip leaves at a substation with these buses. */
  gridShare(buses: readonly string[]): number {
    const left = buses.map((bus) => this.of('voltage-dip', bus)).filter((percent) => percent > 0);
    return Math.min(1, ...left.map((percent) => percent / 100));
  }

  private of(kind: string, target: string): number {
    return this.active.magnitude(`power.${kind}`, target);
  }
}

/** What hangs on a part of the network, itself included. */
function behind(target: string): readonly string[] {
  const buses = sections.filter(({ bus, transformer }) => target === bus.id || target === transformer.id);
  const lines = feeders.filter(({ id, bus }) => id === target || buses.some((section) => section.bus.id === bus));
  const rooms = services.filter(({ feeder, alternative }) =>
    lines.some(({ id }) => id === feeder || id === alternative),
  );
  const ids = [...buses.flatMap(({ bus, transformer }) => [bus.id, transformer.id]), ...lines.map(({ id }) => id)];
  return [...new Set([target, ...ids, ...rooms.map(({ id }) => id)])];
}

/** Both sections of the substation that a section belongs to. */
function besides(target: string): readonly string[] {
  const own = sections.find(({ bus, transformer }) => target === bus.id || target === transformer.id);
  const pair = sections.filter(({ substation }) => substation === own?.substation);
  return pair.flatMap(({ bus }) => behind(bus.id));
}

/** Ground truth of a happening: what hangs on its target feels it. */
export function truthOf(happening: Happening, decoy: boolean, name: Text): Truth {
  const { kind, target } = happening;
  const title = powerHappenings.find((candidate) => candidate.kind === kind)?.title ?? { zh: '', en: '' };
  const bus = feeders.find(({ id }) => id === target)?.bus;
  const wide = kind === 'power.voltage-dip' || kind === 'power.transformer-trip';
  const felt = wide ? besides(target) : behind(target);
  const affected = kind === 'power.earth-fault' && bus !== undefined ? [...felt, bus] : felt;
  return {
    ...{ happening, decoy, asset: target, affected: decoy ? [target] : affected },
    text: { zh: `${name.zh}：${title.zh}`, en: `${name.en}: ${title.en.charAt(0).toLowerCase()}${title.en.slice(1)}` },
  };
}
