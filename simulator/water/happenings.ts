import type { HappeningKind } from '../city/plant.ts';
import { districtIds } from './network.ts';

const kind = (
  name: string,
  zh: string,
  en: string,
  [unit, low, high]: readonly [unit: string, low: number, high: number],
  more: Partial<HappeningKind> = {},
): HappeningKind => ({
  kind: `water.${name}`,
  title: { zh, en },
  magnitude: { unit, low, high },
  decoy: false,
  targets: districtIds,
  ...more,
});

const atStation = { targets: ['ps-1'] } as const;

/** What can happen to the water network; leak magnitudes are nominal flows at 30 m head. */
export const waterHappenings: readonly HappeningKind[] = [
  kind('burst', '供水管道爆管', 'Water main bursts', ['L/s', 25, 80], { level: 'II' }),
  kind('slow-leak', '管道渗漏逐渐扩大', 'A leak grows slowly', ['L/s', 2, 10]),
  kind('background-leakage', '背景漏损上升', 'Background leakage rises', ['% more', 50, 300]),
  kind('theft', '违章盗用水', 'Water is stolen from a hydrant', ['L/s', 3, 12]),
  kind('pump-trip', '主用水泵跳闸', 'The lead pump trips', ['1', 1, 1], atStation),
  kind('pump-wear', '主用水泵叶轮磨损', 'The lead pump wears', ['% of head lost', 5, 15], atStation),
  kind('valve-left-closed', '检修后阀门未全开', 'A gate valve is left nearly closed', ['% open', 2, 15]),
  kind('tank-overflow', '水池液位信号中断致溢流', 'The tank overflows on a stale level', ['m held', 0.2, 0.8], {
    targets: ['tank-1'],
  }),
  kind('chlorine-loss', '加氯中断', 'Chlorination fails', ['% of the dose lost', 60, 100], atStation),
  kind('frozen-main', '进水管冻堵', 'The inlet main freezes', ['% of the cross-section', 70, 97], {
    ...{ level: 'II', when: 'frost', lastsMin: [240, 1440] },
  }),
  kind('hydrant-flush', '消火栓放水冲洗', 'A hydrant is flushed', ['L/s', 6, 14], { decoy: true }),
  kind('filter-backwash', '水厂滤池反冲洗', 'The works wash a filter back', ['L/s', 80, 200], {
    ...{ decoy: true, targets: ['ps-1'] },
  }),
];
