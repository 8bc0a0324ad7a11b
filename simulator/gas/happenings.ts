import type { HappeningKind } from '../city/plant.ts';
import { districtDesigns } from './network.ts';

const districts = districtDesigns.map((design) => design.district);
const stations = districtDesigns.map((design) => design.station);

/** What can happen to the gas network, with the meaning of each magnitude. */
export const gasHappenings: readonly HappeningKind[] = [
  {
    kind: 'gas.third-party-damage',
    title: { zh: '第三方施工挖破低压干管', en: 'Excavator breaks a low-pressure main' },
    magnitude: { unit: 'mm2', low: 500, high: 20_000 },
    decoy: false,
    targets: districts,
  },
  {
    kind: 'gas.regulator-creep',
    title: { zh: '调压器阀口内漏', en: 'Regulator seat leaks through' },
    magnitude: { unit: 'Nm3/h', low: 200, high: 1_500 },
    decoy: false,
    targets: stations,
  },
  {
    kind: 'gas.slam-shut',
    title: { zh: '紧急切断阀误动作', en: 'Slam-shut valve closes' },
    magnitude: { unit: '1', low: 1, high: 1 },
    decoy: false,
    targets: stations,
  },
  {
    kind: 'gas.cabinet-leak',
    title: { zh: '调压箱进口法兰漏气', en: 'Inlet flange leaks inside the cabinet' },
    magnitude: { unit: 'mm2', low: 0.5, high: 10 },
    decoy: false,
    targets: stations,
  },
  {
    kind: 'gas.cooking-peak',
    title: { zh: '集中做饭用气高峰', en: 'Cooking peak' },
    magnitude: { unit: '%', low: 10, high: 30 },
    decoy: true,
    targets: districts,
  },
];
