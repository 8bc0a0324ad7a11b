import type { Text } from '../../../edge/core/text.ts';
import type { Plc } from '../../city/plant.ts';
import { contact, measured, type Signal } from '../../city/plc-points.ts';
import type { Controller } from '../../plc/controller.ts';
import { batteryOf, outstationPlc, type Place, pressureAt, type Street } from './field.ts';

/** A spread over radio cells, dBm: each logger has its own place and keeps it. */
const placeDbm = (number: number) => -71 - ((number * 13) % 27);
/** What comes and goes in the way of the radio: parked cars by day, snow and wet by the week; dB and hours (design choice). */
const fadings = [
  { dB: 3, hours: 24 },
  { dB: 2, hours: 77 },
] as const;

/** Signal at a moment, ms since epoch, dBm. */
function signalDbm(number: number, timeMs: number): number {
  const faded = fadings.map(({ dB, hours }) => dB * Math.sin(number + (2 * Math.PI * timeMs) / (hours * 3_600_000)));
  return placeDbm(number) + faded.reduce((sum, dB) => sum + dB, 0);
}

/** Pressure loggers of a district behind one modem, with the head over sea level that calibrated models need. */
export function loggersPlc(street: Street, district: string, places: readonly Place[], unit: number): Plc {
  const id = `water-${district}-loggers`;
  const controller = street.controllers.of(id);
  const loggers = places.map((place, index) => loggerSignals(street, controller, place, index + 1));
  return outstationPlc(street, {
    ...{ id, unit, counters: [], commands: [] },
    name: { zh: `${district} 压力记录仪集中器`, en: `Pressure loggers of ${district}` },
    bits: loggers.flatMap(({ bits }) => bits),
    values: loggers.flatMap(({ values }) => values),
  });
}

function loggerSignals(field: Street, controller: Controller, place: Place, number: number) {
  const { id, elevationM } = place;
  const label = (zh: string, en: string): Text => ({ zh: `${id} ${zh}`, en: `${id} ${en}` });
  const name = (suffix: string) => `l${number}-${suffix}`;
  const head = () => elevationM + field.hydraulics.pressureM(id);
  const values: readonly Signal[] = [
    pressureAt(field, name('pressure'), label('压力', 'pressure'), id),
    measured(name('head'), label('水头', 'head above sea level'), 'm', [100, 220], 0.05, head),
    batteryOf(field, name('battery'), label('电池电压', 'battery')),
    measured(name('signal'), label('信号强度', 'signal'), 'dBm', [-120, 0], 0.5, () =>
      signalDbm(number, controller.nowMs),
    ),
  ];
  return { values, bits: [contact(name('flooded'), label('井内积水', 'pit flooded'), '否', '是', () => false)] };
}
