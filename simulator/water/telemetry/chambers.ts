import type { Text } from '../../../edge/core/text.ts';
import type { Plc } from '../../city/plant.ts';
import { contact, measured, type Signal } from '../../city/plc-points.ts';
import { InletValve } from '../inlet-valve.ts';
import type { District, Pipe } from '../network.ts';
import { chamberTemperature, type Field, flowThrough, outstationPlc, pressureAt } from './field.ts';

/** Section valves per district, on its widest streets. */
const perDistrict = 6;

const chambersOf = ({ id }: District) => `water-${id}-chambers`;

/** A motorised section valve in a street, with what stands beside it in its chamber. */
interface SectionValve {
  readonly pipe: Pipe;
  readonly valve: InletValve;
}

/** The valve chambers of a district: they cut sections off for repair, and nobody but an operator moves them. */
export class Chambers {
  private readonly field: Field;
  private readonly district: District;
  private readonly sections: readonly SectionValve[];
  private readonly losses = new Map<Pipe, number>();

  constructor(field: Field, district: District) {
    this.field = field;
    this.district = district;
    const inside = new Set(
      field.network.junctions.filter((junction) => junction.district === district.id).map(({ id }) => id),
    );
    this.sections = field.network.pipes
      .filter(({ from, to }) => inside.has(from) && inside.has(to))
      .toSorted((a, b) => b.diameterMm - a.diameterMm)
      .slice(0, perDistrict)
      .map((pipe) => ({ pipe, valve: new InletValve() }));
  }

  /** Moves the valves and throttles their streets. */
  step(dtS: number): void {
    for (const { pipe, valve } of this.sections) {
      valve.step(dtS);
      const loss = valve.addedLoss;
      if (loss === (this.losses.get(pipe) ?? 0)) continue;
      this.losses.set(pipe, loss);
      this.field.hydraulics.setPipeLoss(pipe.id, loss);
    }
  }

  plc(unit: number): Plc {
    const { field, district } = this;
    const sections = this.sections.map((section, index) => this.signals(section, index + 1));
    return outstationPlc(field, {
      ...{ id: chambersOf(district), unit, counters: [] },
      name: { zh: `${district.id} 阀门井控制器`, en: `Valve chambers of ${district.id}` },
      bits: sections.flatMap(({ bits }) => bits),
      values: sections.flatMap(({ values }) => values),
      commands: sections.flatMap(({ commands }) => commands),
    });
  }

  private signals({ pipe, valve }: SectionValve, number: number) {
    const { field } = this;
    const controller = field.controllers.of(chambersOf(this.district));
    const label = (zh: string, en: string): Text => ({ zh: `${pipe.id} ${zh}`, en: `${pipe.id} ${en}` });
    const name = (suffix: string) => `v${number}-${suffix}`;
    const position = () => valve.positionPercent;
    const fullM3h = Math.ceil(3.6 * 1000 * 3 * (Math.PI / 4) * (pipe.diameterMm / 1000) ** 2);
    const command: Signal = {
      ...measured(name('command'), label('阀位指令', 'valve command'), '%', [0, 100], 0, () => valve.commandPercent),
      write: (percent) => {
        valve.commandPercent = percent;
      },
    };
    return {
      bits: [
        contact(name('open'), label('全开', 'fully open'), '否', '是', () => position() >= 99),
        contact(name('shut'), label('全关', 'fully shut'), '否', '是', () => position() <= 1),
        contact(name('flooded'), label('井内积水', 'chamber flooded'), '否', '是', () => false),
        controller.door(label('井盖', 'cover'), name('cover')),
      ],
      values: [
        measured(name('position'), label('阀位', 'valve position'), '%', [0, 100], 0.05, position),
        pressureAt(field, name('p-a'), label('阀前压力', 'pressure before the valve'), pipe.from),
        pressureAt(field, name('p-b'), label('阀后压力', 'pressure behind the valve'), pipe.to),
        flowThrough(name('flow'), label('流量', 'flow'), fullM3h, () => field.hydraulics.flowLps(pipe.id)),
        { ...chamberTemperature(field, name('temp')), description: label('井内温度', 'chamber temperature') },
      ],
      commands: [command],
    };
  }
}
