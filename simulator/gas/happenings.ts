import type { HappeningKind } from '../city/plant.ts';
import { districtDesigns, gateDesign } from './network.ts';

const districts = districtDesigns.map((design) => design.district);
const stations = districtDesigns.map((design) => design.station);

const kindOf = (
  name: string,
  zh: string,
  en: string,
  [unit, low, high]: readonly [unit: string, low: number, high: number],
  targets: readonly string[],
  decoy = false,
): HappeningKind => ({
  kind: `gas.${name}`,
  title: { zh, en },
  magnitude: { unit, low, high },
  decoy,
  targets,
});

/** What can happen to the gas network, with the meaning of each magnitude. */
export const gasHappenings: readonly HappeningKind[] = [
  kindOf(
    'third-party-damage',
    '第三方施工挖破低压干管',
    'Excavator breaks a low-pressure main',
    ['mm2', 500, 20_000],
    districts,
  ),
  kindOf(
    'main-damage',
    '第三方施工挖破中压管线',
    'Excavator breaks a medium-pressure main',
    ['mm2', 300, 4_000],
    [gateDesign.id],
  ),
  kindOf('joint-leak', '低压管道接口漏气', 'Joint of a low-pressure main leaks', ['mm2', 50, 500], districts),
  // A seat that leaks shows where less is drawn than leaks through.
  {
    ...kindOf('regulator-creep', '调压器阀口内漏', 'Regulator seat leaks through', ['Nm3/h', 200, 1_500], stations),
    when: 'summer',
  },
  kindOf('regulator-freeze', '调压器冰堵', 'Regulator freezes up', ['% of capacity lost', 60, 98], stations),
  kindOf('filter-blockage', '过滤器堵塞', 'Filter clogs', ['times the clean pressure loss', 5, 80], stations),
  kindOf('slam-shut', '紧急切断阀误动作', 'Slam-shut valve closes', ['1', 1, 1], stations),
  kindOf('meter-drift', '流量计走慢', 'Meter runs slow', ['% of flow not counted', 10, 100], stations),
  kindOf('cabinet-leak', '调压箱进口法兰漏气', 'Inlet flange leaks inside the cabinet', ['mm2', 0.5, 10], stations),
  // By day the panel carries the load.
  {
    ...kindOf(
      'battery-aged',
      '蓄电池老化',
      'Battery of the station has aged',
      ['% of capacity lost', 90, 98],
      stations,
    ),
    ...{ when: 'night', lastsMin: [240, 1440] },
  },
  kindOf('odorant-loss', '加臭中断', 'Odorant is missing', ['% of the dose', 50, 100], [gateDesign.id]),
  kindOf('cooking-peak', '集中做饭用气高峰', 'Cooking peak', ['%', 10, 30], districts, true),
  kindOf('maintenance', '调压箱检修', 'Work in the cabinet', ['1', 1, 1], stations, true),
];
