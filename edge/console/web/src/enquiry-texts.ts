import type { Text } from '../../../core/text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** Texts of what is asked of a device to put it into service. */
export const enquiryTexts = {
  commissioning: text('调试工具', 'Commissioning'),
  commissioningHint: text(
    '只读；占用设备的链路，记入审计日志',
    'Only reads; takes the link of the device, and is audited',
  ),
  readRegisters: text('读寄存器', 'Read registers'),
  browseNodes: text('浏览服务器', 'Browse the server'),
  registerTable: text('数据表', 'Table'),
  registerAddress: text('地址（从 0 起）', 'Address (from 0)'),
  registerCount: text('个数', 'Count'),
  registerUnit: text('数值的单位（可空，如 kPa）', 'Unit of the value (may be empty, such as kPa)'),
  readTwice: text('读两次', 'Read twice'),
  onTheWire: text('线上内容', 'On the wire'),
  readingType: text('类型', 'Type'),
  readingOrder: text('字节序', 'Order'),
  readingScale: text('系数', 'Scale'),
  readingBefore: text('先', 'First'),
  readingNow: text('后', 'Then'),
  readingWhy: text('判断', 'Judgement'),
  looksRight: text('像', 'Looks right'),
  looksWrong: text('不像', 'Looks wrong'),
  nodePath: text('节点路径', 'Path of nodes'),
  nodeName: text('名称', 'Name'),
  nodeId: text('节点标识', 'Node id'),
  noNodes: text('此节点下没有内容', 'There is nothing below this node'),
  nodesCut: text('只显示前', 'Shown are only the first'),
} as const satisfies Readonly<Record<string, Text>>;
