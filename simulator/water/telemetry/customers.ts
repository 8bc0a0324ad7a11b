import type { Text } from '../../../edge/core/text.ts';
import type { Plc } from '../../city/plant.ts';
import { contact, type Signal } from '../../city/plc-points.ts';
import { batteryOf, flowThrough, outstationPlc, type Place, pressureAt, type Street } from './field.ts';

/** Large customers that a district's revenue meters are read of by telemetry. */
const perDistrict = 8;
/** A street's node supplies many; its largest customer takes this share of it (design choice). */
const share = 0.3;

/** Meters of the largest customers of a district behind one modem. */
export function customersPlc(street: Street, district: string, places: readonly Place[], unit: number): Plc {
  const largest = places.toSorted((a, b) => b.demandLps - a.demandLps).slice(0, perDistrict);
  const customers = largest.map((place, index) => customerSignals(street, place, index + 1));
  return outstationPlc(street, {
    ...{ id: `water-${district}-customers`, unit, counters: [], commands: [] },
    name: { zh: `${district} 大用户远传表`, en: `Large customers of ${district}` },
    bits: customers.flatMap(({ bits }) => bits),
    values: customers.flatMap(({ values }) => values),
  });
}

function customerSignals(field: Street, place: Place, number: number) {
  const { id, demandLps } = place;
  const label = (zh: string, en: string): Text => ({
    zh: `大用户${number}（${id}）${zh}`,
    en: `Customer ${number} (${id}) ${en}`,
  });
  const name = (suffix: string) => `c${number}-${suffix}`;
  const fullM3h = Math.max(10, Math.ceil(4 * share * demandLps * 3.6));
  const values: readonly Signal[] = [
    flowThrough(name('flow'), label('流量', 'flow'), fullM3h, () => share * field.hydraulics.consumptionLps(id)),
    pressureAt(field, name('pressure'), label('压力', 'pressure'), id),
    batteryOf(field, name('battery'), label('电池电压', 'battery')),
  ];
  const bits = [
    contact(name('tamper'), label('拆表报警', 'meter tampered with'), '正常', '报警', () => false),
    contact(
      name('reverse'),
      label('反流报警', 'reverse flow'),
      '正常',
      '报警',
      () => field.hydraulics.consumptionLps(id) < 0,
    ),
  ];
  return { values, bits };
}
