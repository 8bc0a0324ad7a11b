import type { HappeningKind } from '../city/plant.ts';
import { districtIds } from './network.ts';

/** What can happen to the water network; leak magnitudes are nominal flows at 30 m head. */
export const waterHappenings: readonly HappeningKind[] = [
  {
    kind: 'water.burst',
    title: { zh: '供水管道爆管', en: 'Water main bursts' },
    magnitude: { unit: 'L/s', low: 25, high: 80 },
    decoy: false,
    targets: districtIds,
  },
  {
    kind: 'water.slow-leak',
    title: { zh: '管道渗漏逐渐扩大', en: 'A leak grows slowly' },
    magnitude: { unit: 'L/s', low: 2, high: 10 },
    decoy: false,
    targets: districtIds,
  },
  {
    kind: 'water.pump-trip',
    title: { zh: '主用水泵跳闸', en: 'The lead pump trips' },
    magnitude: { unit: '1', low: 1, high: 1 },
    decoy: false,
    targets: ['ps-1'],
  },
  {
    kind: 'water.hydrant-flush',
    title: { zh: '消火栓放水冲洗', en: 'A hydrant is flushed' },
    magnitude: { unit: 'L/s', low: 6, high: 14 },
    decoy: true,
    targets: districtIds,
  },
];
