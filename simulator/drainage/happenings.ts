import type { RiskLevel } from '../../edge/core/alarm.ts';
import type { Text } from '../../edge/core/text.ts';
import type { Happening, HappeningKind, Truth } from '../city/plant.ts';
import { drainingTo, manholeDesigns, pathFrom, stationDesigns, underpassDesigns } from './layout.ts';

const all = manholeDesigns.map(({ id }) => id);
const combined = manholeDesigns.filter((design) => design.combined).map(({ id }) => id);
const storm = manholeDesigns.filter((design) => !design.combined).map(({ id }) => id);
const stations = stationDesigns.map(({ id }) => id);
const underpasses = underpassDesigns.map(({ id }) => id);

/** Which assets see it beside the one that it happens to: none, those below it, those that drain to it, or both. */
type Reach = 'here' | 'below' | 'above' | 'both';

interface Row {
  readonly title: Text;
  readonly magnitude: readonly [unit: string, low: number, high: number];
  readonly targets: readonly string[];
  readonly reach: Reach;
  readonly level?: RiskLevel;
  /** Hours in which an alarm must be there, where water takes its time. */
  readonly withinH?: number;
  readonly lastsMin?: HappeningKind['lastsMin'];
  readonly plane?: 'sensor';
  readonly decoy?: true;
}

/** What can happen to the drainage, with the meaning of each magnitude. */
const rows: Readonly<Record<string, Row>> = {
  blockage: {
    title: { zh: '管道淤堵', en: 'Sewer blocked: share of its section' },
    magnitude: ['%', 97, 99.5],
    ...{ targets: combined, reach: 'both', withinH: 18 },
  },
  'pump-failure': {
    title: { zh: '水泵故障停机', en: 'Pumps out of order' },
    magnitude: ['{pump}', 1, 2],
    ...{ targets: [...stations, ...underpasses], reach: 'above' },
  },
  'pump-clogged': {
    title: { zh: '水泵缠绕堵塞', en: 'Pumps clogged by rags: head lost' },
    magnitude: ['%', 15, 22],
    ...{ targets: ['lift-1'], reach: 'above', withinH: 4, lastsMin: [240, 1440] },
  },
  'underpass-flood': {
    title: { zh: '暴雨时下穿桥泵站停电', en: 'Cloudburst at an underpass whose pumps have no power' },
    magnitude: ['mm/h', 30, 120],
    // what floods it is pumped into the sewers once there is power
    ...{ targets: underpasses, reach: 'below', level: 'I', withinH: 0.75 },
  },
  'sewer-gas': {
    title: { zh: '化粪池污泥排入致硫化氢逸出', en: 'Septic sludge let into the sewer: its sulphide' },
    magnitude: ['mg/L', 40, 100],
    ...{ targets: combined, reach: 'below', level: 'II', withinH: 1 },
  },
  'gas-ingress': {
    title: { zh: '燃气窜入检查井', en: 'Natural gas gets into the manhole through the ground' },
    magnitude: ['m3/h', 0.3, 2],
    ...{ targets: all, reach: 'here', level: 'I', withinH: 4 },
  },
  'level-fouled': {
    title: { zh: '液位计挂污失准', en: 'Grease hangs on the level sensor: it shows so much too much' },
    magnitude: ['m', 0.4, 1.5],
    ...{ targets: [...all, ...stations], reach: 'here', level: 'IV', withinH: 2, plane: 'sensor' },
  },
  'river-backflow': {
    title: { zh: '江水倒灌', en: 'The river rises by so much while the flap gate is stuck open' },
    magnitude: ['m', 2.5, 3.5],
    ...{ targets: ['storm-1'], reach: 'above', level: 'II' },
  },
  infiltration: {
    title: { zh: '融雪期地下水大量入渗', en: 'Meltwater finds a broken sewer' },
    magnitude: ['L/s', 60, 150],
    ...{ targets: combined, reach: 'below', withinH: 6 },
  },
  'illegal-discharge': {
    title: { zh: '工业废水偷排入雨水管', en: 'Industrial waste water let into a storm sewer' },
    magnitude: ['m3/h', 40, 150],
    ...{ targets: storm, reach: 'below', withinH: 1 },
  },
  'cover-missing': {
    title: { zh: '井盖缺失', en: 'Cover of the manhole is gone' },
    magnitude: ['1', 1, 1],
    ...{ targets: all, reach: 'here', level: 'II' },
  },
  'sewer-flushing': {
    title: { zh: '管道冲洗作业', en: 'Sewer flushed by a tanker' },
    magnitude: ['m3/h', 20, 60],
    ...{ targets: all, reach: 'below', decoy: true },
  },
  'maintenance-pumping': {
    title: { zh: '泵站清池抽排', en: 'Crew pumps the wet well down by hand control' },
    magnitude: ['1', 1, 1],
    ...{ targets: stations, reach: 'here', decoy: true },
  },
};

export const drainageHappenings: readonly HappeningKind[] = Object.entries(rows).map(([name, row]) => {
  const { title, magnitude, targets, decoy = false, plane, level, withinH, lastsMin } = row;
  const [unit, low, high] = magnitude;
  return {
    ...{ kind: `drainage.${name}`, title, magnitude: { unit, low, high }, decoy, targets },
    ...(plane ? { plane } : {}),
    ...(lastsMin ? { lastsMin } : {}),
    ...(level ? { level } : {}),
    ...(withinH ? { alarmWithinS: withinH * 3600 } : {}),
  };
});

/** The truth about a happening: who may rightly alarm follows from where the water goes. */
export function truthOf(happening: Happening, { kind, decoy, title }: HappeningKind): Truth {
  const { target } = happening;
  const reach = rows[kind.slice(kind.indexOf('.') + 1)]?.reach ?? 'here';
  const below = reach === 'below' || reach === 'both' ? pathFrom(target) : [];
  const above = reach === 'above' || reach === 'both' ? drainingTo(target) : [];
  return { happening, decoy, asset: target, affected: [...new Set([target, ...below, ...above])], text: title };
}
