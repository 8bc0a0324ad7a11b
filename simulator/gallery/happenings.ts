import type { HappeningKind } from '../city/plant.ts';
import { zoneDesigns } from './layout.ts';

const all = zoneDesigns.map((zone) => zone.id);
const inCabin = (cabin: 'gas' | 'combined') =>
  zoneDesigns.filter((zone) => zone.cabin === cabin).map((zone) => zone.id);

const kindOf = (
  name: string,
  zh: string,
  en: string,
  [unit, low, high]: readonly [unit: string, low: number, high: number],
  targets: readonly string[],
  decoy = false,
): HappeningKind => ({
  kind: `gallery.${name}`,
  title: { zh, en },
  magnitude: { unit, low, high },
  decoy,
  targets,
});

/** What can happen in the galleries, with the meaning of each magnitude. */
export const galleryHappenings: readonly HappeningKind[] = [
  kindOf('gas-leak', '燃气舱管道泄漏', 'Gas main leaks in the gas cabin', ['mm2', 1, 200], inCabin('gas')),
  kindOf('fan-failure', '排风机跳闸', 'Exhaust fan trips', ['1', 1, 1], all),
  kindOf('frozen-shutter', '进风百叶结冰', 'Intake shutter freezes', ['% of the air kept out', 60, 95], all),
  kindOf('water-ingress', '管廊大量进水', 'Water enters the gallery', ['m3/h', 5, 200], all),
  kindOf('pump-failure', '两台排水泵跳闸', 'Both sump pumps trip', ['1', 1, 1], all),
  kindOf('fire', '电缆火灾', 'Cable fire', ['kW', 50, 2_000], inCabin('combined')),
  kindOf('hot-joint', '电缆接头过热', 'Cable joint runs hot', ['K at the peak', 30, 80], inCabin('combined')),
  kindOf('oxygen-loss', '惰性气体置换氧气', 'Inert gas displaces the oxygen', ['m3/h', 60, 600], all),
  kindOf('sewage-gas', '污水气体窜入', 'Sewer gas enters', ['mg/s of H2S', 10, 100], inCabin('combined')),
  kindOf('intrusion', '未经许可打开投料口进入', 'Hatch opened without permission', ['1', 1, 4], all),
  kindOf(
    'sensor-poisoning',
    '甲烷传感器中毒',
    'Methane sensor poisoned',
    ['% of the reading lost', 60, 100],
    inCabin('gas'),
  ),
  kindOf('inspection', '人员巡检', 'Inspection by a crew', ['1', 1, 6], all, true),
  kindOf('fire-drill', '消防演练', 'Fire drill', ['1', 6, 20], all, true),
];
