import type { HappeningKind } from '../city/plant.ts';
import { manholeDesigns, stationDesigns, underpassDesigns } from './layout.ts';

const all = manholeDesigns.map(({ id }) => id);
const combined = manholeDesigns.filter((design) => design.combined).map(({ id }) => id);
const storm = manholeDesigns.filter((design) => !design.combined).map(({ id }) => id);
const stations = stationDesigns.map(({ id }) => id);
const underpasses = underpassDesigns.map(({ id }) => id);

const kind = (
  name: string,
  zh: string,
  en: string,
  unit: string,
  [low, high]: readonly [number, number],
  targets: readonly string[],
  decoy = false,
): HappeningKind => ({
  kind: `drainage.${name}`,
  title: { zh, en },
  magnitude: { unit, low, high },
  decoy,
  targets,
});

/** What can happen to the drainage, with the meaning of each magnitude. */
export const drainageHappenings: readonly HappeningKind[] = [
  kind('blockage', '管道淤堵', 'Sewer blocked: share of its section', '%', [97, 99.5], combined),
  kind('pump-failure', '水泵故障停机', 'Pumps out of order', '{pump}', [1, 2], [...stations, ...underpasses]),
  kind('pump-clogged', '水泵缠绕堵塞', 'Pumps clogged by rags: head lost', '%', [15, 22], ['lift-1', ...underpasses]),
  kind(
    'underpass-flood',
    '暴雨时下穿桥泵站停运',
    'Cloudburst at an underpass whose pumps have no power',
    'mm/h',
    [30, 120],
    underpasses,
  ),
  kind(
    'sewer-gas',
    '化粪池清掏致硫化氢逸出',
    'Septic sludge let into the sewer: its sulphide',
    'mg/L',
    [40, 100],
    combined,
  ),
  kind('gas-ingress', '燃气窜入检查井', 'Natural gas gets into the manhole through the ground', 'm3/h', [0.3, 2], all),
  kind(
    'level-fouled',
    '液位计挂污失准',
    'Grease hangs on the level sensor: it shows so much too much',
    'm',
    [0.4, 1.5],
    [...all, ...stations],
  ),
  kind('river-backflow', '江水倒灌', 'The river rises with the flap gate stuck open', 'm', [2.5, 3.5], ['storm-1']),
  kind('infiltration', '融雪期地下水大量入渗', 'Meltwater finds a broken sewer', 'L/s', [60, 150], combined),
  kind('illegal-discharge', '工业废水偷排', 'Industrial waste water let into a storm sewer', 'm3/h', [40, 150], storm),
  kind('cover-missing', '井盖缺失', 'Cover of the manhole is gone', '1', [1, 1], all),
  kind('sewer-flushing', '管道冲洗作业', 'Sewer flushed by a tanker', 'm3/h', [20, 60], all, true),
  kind(
    'maintenance-pumping',
    '泵站清池抽排',
    'Crew pumps the wet well down by hand control',
    '1',
    [1, 1],
    stations,
    true,
  ),
];
