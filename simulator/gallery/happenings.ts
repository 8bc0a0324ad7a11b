import type { HappeningKind } from '../city/plant.ts';
import { zoneDesigns } from './layout.ts';

const all = zoneDesigns.map((zone) => zone.id);
const inCabin = (cabin: 'gas' | 'combined') =>
  zoneDesigns.filter((zone) => zone.cabin === cabin).map((zone) => zone.id);

/** What can happen in the gallery, with the meaning of each magnitude. */
export const galleryHappenings: readonly HappeningKind[] = [
  {
    kind: 'gallery.gas-leak',
    title: { zh: '燃气舱管道泄漏', en: 'Gas main leaks in the gas cabin' },
    magnitude: { unit: 'mm2', low: 1, high: 200 },
    decoy: false,
    targets: inCabin('gas'),
  },
  {
    kind: 'gallery.fan-failure',
    title: { zh: '排风机跳闸', en: 'Exhaust fan trips' },
    magnitude: { unit: '1', low: 1, high: 1 },
    decoy: false,
    targets: all,
  },
  {
    kind: 'gallery.water-ingress',
    title: { zh: '管廊大量进水', en: 'Water enters the gallery' },
    magnitude: { unit: 'm3/h', low: 5, high: 200 },
    decoy: false,
    targets: all,
  },
  {
    kind: 'gallery.fire',
    title: { zh: '电缆火灾', en: 'Cable fire' },
    magnitude: { unit: 'kW', low: 50, high: 2_000 },
    decoy: false,
    targets: inCabin('combined'),
  },
  {
    kind: 'gallery.intrusion',
    title: { zh: '未经许可打开投料口进入', en: 'Hatch opened without permission' },
    magnitude: { unit: '1', low: 1, high: 4 },
    decoy: false,
    targets: all,
  },
  {
    kind: 'gallery.inspection',
    title: { zh: '人员巡检', en: 'Inspection by a crew' },
    magnitude: { unit: '1', low: 1, high: 6 },
    decoy: true,
    targets: all,
  },
];
