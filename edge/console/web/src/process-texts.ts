import type { Text } from '../../../core/text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** Texts of process pictures; bodies by the name of their symbol. */
export const processTexts = {
  process: text('工艺图', 'Process'),
  normalBand: text('正常范围', 'normal'),
  findings: text('判断依据', 'What it rests on'),
  watched: text('实测与预期', 'Observed and expected'),
  more: text('等', 'more'),
  'symbol-tank': text('水池', 'Tank'),
  'symbol-well': text('集水井', 'Well'),
  'symbol-zone': text('片区', 'District'),
  'symbol-boiler': text('热源', 'Heat source'),
  'symbol-exchanger': text('换热器', 'Heat exchanger'),
  'symbol-room': text('舱室', 'Compartment'),
  'symbol-road': text('路面', 'Road'),
  'symbol-busbar': text('母线', 'Busbar'),
  'symbol-lamps': text('路灯', 'Lamps'),
  'symbol-building': text('用户', 'Consumer'),
  'symbol-hydrant': text('消火栓', 'Hydrant'),
  'symbol-span': text('桥跨', 'Span'),
  'symbol-pier': text('桥墩', 'Pier'),
  'symbol-controller': text('控制器', 'Controller'),
  'symbol-box': text('对象', 'Asset'),
} as const satisfies Readonly<Record<string, Text>>;
