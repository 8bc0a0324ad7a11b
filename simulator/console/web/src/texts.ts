import { language } from '../../../../edge/console/web/src/language.ts';
import type { Text } from '../../../../edge/core/text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

const texts = {
  title: text('模拟城市', 'Simulated city'),
  truthHint: text('此处所见为真值，网关看不到', 'The truth, which no gateway sees'),
  loading: text('正在读取城市…', 'Reading the city…'),
  lost: text('与模拟城市的连接已中断，显示的是最后的状态', 'The city does not answer; what you see is its last state'),
  switch: text('English', '中文'),
  map: text('城市与管网', 'City and networks'),
  mapHint: text('选中一个对象，查看它的 PLC', 'Choose an asset to look into its PLCs'),
  struck: text('事件所在', 'Where it happens'),
  affected: text('受影响', 'Affected'),
  dark: text('控制器失电', 'PLC without supply'),
  decoy: text('正常作业', 'Normal work'),
  companion: text('其 PLC 与供电', 'Its PLC, its supply'),
  usual: text('正常', 'As usual'),
  clock: text('城市时钟', "City's clock"),
  pause: text('暂停', 'Pause'),
  max: text('最快', 'Max'),
  stepMinute: text('+1 分', '+1 min'),
  stepHour: text('+1 时', '+1 h'),
  outdoor: text('室外', 'Outdoor'),
  wind: text('风', 'Wind'),
  rain: text('雨', 'Rain'),
  snow: text('雪', 'Snow'),
  snowCover: text('积雪', 'Snow cover'),
  humidity: text('湿度', 'Humidity'),
  light: text('照度', 'Daylight'),
  happen: text('触发事件', 'Let something happen'),
  kind: text('类型', 'Kind'),
  target: text('位置', 'Where'),
  size: text('大小', 'Size'),
  usualRange: text('通常', 'usually'),
  lasts: text('持续，分（0 为一直）', 'Lasts, min (0: for good)'),
  grows: text('渐变，分', 'Grows over, min'),
  start: text('立即发生', 'Begin now'),
  begun: text('已发生', 'Has begun'),
  happenings: text('事件', 'Happenings'),
  noHappenings: text('尚未发生任何事件', 'Nothing has happened yet'),
  until: text('至', 'until'),
  ongoing: text('持续中', 'goes on'),
  over: text('已结束', 'over'),
  alarmBy: text('应报警于', 'alarm due by'),
  showsOn: text('体现测点', 'tags'),
  planes: text('三个层面', 'The three planes'),
  noPlc: text('在地图上选一个对象，或在此选择 PLC', 'Choose an asset on the map, or a PLC here'),
  plc: text('PLC', 'PLC'),
  point: text('测点', 'Point'),
  truth: text('真值', 'Truth'),
  seen: text('PLC 所见', 'PLC sees'),
  wire: text('上送值', 'On the wire'),
  unit: text('单位', 'Unit'),
  find: text('查找', 'Find'),
  onlyDifferent: text('只看不一致', 'Only where they differ'),
  allAgree: text('三个层面一致', 'All three planes agree'),
  physical: text('物理', 'physical'),
  sensor: text('仪表', 'instrument'),
  network: text('网络', 'network'),
  water: text('供水', 'Water'),
  heating: text('供热', 'Heating'),
  gas: text('燃气', 'Gas'),
  gallery: text('管廊', 'Pipe gallery'),
  lighting: text('照明', 'Lighting'),
  power: text('电力', 'Power'),
  drainage: text('排水', 'Drainage'),
  maintenance: text('检修', 'Maintenance'),
  attack: text('网络攻击', 'Attacks'),
} as const satisfies Readonly<Record<string, Text>>;

export type TextKey = keyof typeof texts;

/** A text of the page in the language chosen. */
export const t = (key: TextKey): string => texts[key][language()];

/** A name that the page may not know: it is shown as it is. */
export const tOr = (key: string): string => (Object.hasOwn(texts, key) ? t(key as TextKey) : key);
