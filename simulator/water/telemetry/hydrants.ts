import type { Text } from '../../../edge/core/text.ts';
import type { Plc } from '../../city/plant.ts';
import { contact, measured } from '../../city/plc-points.ts';
import type { District, Junction } from '../network.ts';
import { batteryOf, type Field, outstationPlc, pressureAt } from './field.ts';

/** A hydrant counts as running from this outflow on, L/s; less is a valve that drips. */
const runningLps = 0.5;

/** The caps of a district's hydrants: pressure, water that runs, tilt of the body. */
export function hydrantsPlc(field: Field, district: District, unit: number): Plc {
  const places = field.network.junctions.filter((junction) => junction.district === district.id && junction.hydrant);
  const hydrants = places.map((junction, index) => hydrantSignals(field, junction, index + 1));
  return outstationPlc(field, {
    ...{ id: `water-${district.id}-hydrants`, unit, counters: [], commands: [] },
    name: { zh: `${district.id} 智能消火栓`, en: `Hydrants of ${district.id}` },
    bits: hydrants.flatMap(({ bits }) => bits),
    values: hydrants.flatMap(({ values }) => values),
  });
}

function hydrantSignals(field: Field, junction: Junction, number: number) {
  const { id } = junction;
  const label = (zh: string, en: string): Text => ({
    zh: `消火栓${number}（${id}）${zh}`,
    en: `Hydrant ${number} (${id}) ${en}`,
  });
  const name = (suffix: string) => `h${number}-${suffix}`;
  const running = () => field.hydrantLps(id) > runningLps;
  return {
    values: [
      pressureAt(field, name('pressure'), label('压力', 'pressure'), id),
      measured(name('tilt'), label('倾角', 'tilt'), 'deg', [0, 90], 0.2, () => 1.2),
      batteryOf(field, name('battery'), label('电池电压', 'battery')),
    ],
    bits: [
      contact(name('running'), label('出水', 'water runs'), '否', '是', running),
      contact(name('cap'), label('闷盖打开', 'cap open'), '关', '开', running),
    ],
  };
}
