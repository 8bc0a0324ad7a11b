import type { PlantAsset } from '../city/plant.ts';

/** The assets of the water utility as the gateway's configuration will describe them. */
export const waterAssets: readonly PlantAsset[] = [
  {
    id: 'ps-1',
    type: 'water.pump-station',
    name: { zh: '一号供水泵站', en: 'Pump station 1' },
    grid: '230103005001',
    location: [126.6205, 45.7545],
    upstreamOf: ['tank-1', 'dma-1', 'dma-2', 'dma-3'],
  },
  {
    id: 'tank-1',
    type: 'water.tank',
    name: { zh: '一号高位水池', en: 'Elevated tank 1' },
    grid: '230103005002',
    location: [126.6905, 45.7415],
    upstreamOf: [],
  },
  {
    id: 'dma-1',
    type: 'water.district',
    name: { zh: '大直街分区', en: 'Dazhi Street district' },
    grid: '230103005011',
    location: [126.651, 45.7548],
    upstreamOf: [],
  },
  {
    id: 'dma-2',
    type: 'water.district',
    name: { zh: '果戈里分区', en: 'Gogol district' },
    grid: '230103005012',
    location: [126.6735, 45.753],
    upstreamOf: ['dma-4'],
  },
  {
    id: 'dma-3',
    type: 'water.district',
    name: { zh: '学府路分区', en: 'Xuefu Road district' },
    grid: '230103005013',
    location: [126.6482, 45.7242],
    upstreamOf: [],
  },
  {
    id: 'dma-4',
    type: 'water.district',
    name: { zh: '会展分区', en: 'Exhibition district' },
    grid: '230103005014',
    location: [126.6938, 45.7522],
    upstreamOf: [],
  },
];
