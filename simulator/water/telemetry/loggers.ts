import type { Text } from '../../../edge/core/text.ts';
import type { Plc } from '../../city/plant.ts';
import { contact, measured, type Signal } from '../../city/plc-points.ts';
import { batteryOf, outstationPlc, type Place, pressureAt, type Street } from './field.ts';

/** A spread over radio cells, dBm: each logger has its own place and keeps it. */
const signalDbm = (number: number) => -71 - ((number * 13) % 27);

/** Pressure loggers of a district behind one modem, with the head over sea level that calibrated models need. */
export function loggersPlc(street: Street, district: string, places: readonly Place[], unit: number): Plc {
  const loggers = places.map((place, index) => loggerSignals(street, place, index + 1));
  return outstationPlc(street, {
    ...{ id: `water-${district}-loggers`, unit, counters: [], commands: [] },
    name: { zh: `${district} 压力记录仪集中器`, en: `Pressure loggers of ${district}` },
    bits: loggers.flatMap(({ bits }) => bits),
    values: loggers.flatMap(({ values }) => values),
  });
}

function loggerSignals(field: Street, place: Place, number: number) {
  const { id, elevationM } = place;
  const label = (zh: string, en: string): Text => ({ zh: `${id} ${zh}`, en: `${id} ${en}` });
  const name = (suffix: string) => `l${number}-${suffix}`;
  const head = () => elevationM + field.hydraulics.pressureM(id);
  const values: readonly Signal[] = [
    pressureAt(field, name('pressure'), label('压力', 'pressure'), id),
    measured(name('head'), label('水头', 'head above sea level'), 'm', [100, 220], 0.05, head),
    batteryOf(field, name('battery'), label('电池电压', 'battery')),
    measured(name('signal'), label('信号强度', 'signal'), 'dBm', [-120, 0], 0.5, () => signalDbm(number)),
  ];
  return { values, bits: [contact(name('flooded'), label('井内积水', 'pit flooded'), '否', '是', () => false)] };
}
