import type { Text } from '../../../core/text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** Texts about what people set on devices. */
export const commandTexts = {
  outputs: text('控制与设定', 'Controls and set-points'),
  outputsHint: text(
    '直接写入设备；须在允许范围内，写入后回读核对，并记入审计',
    'Written to the device: within its range, read back, and kept in the audit log',
  ),
  allowed: text('允许范围', 'Allowed'),
  wholeOnly: text('整数', 'whole numbers'),
  setOutput: text('设定', 'Set'),
  newValue: text('新值', 'New value'),
  choose: text('请选择', 'Choose'),
  beyondAllowed: text('不在允许范围内', 'Not within what is allowed'),
  write: text('写入', 'Write'),
  writeQuestion: text('写入设备？', 'Write to the device?'),
  writing: text('正在写入并回读', 'Writing and reading back'),
  written: text('已写入，回读', 'Written; reads back'),
  putBack: text('恢复原值', 'Put back'),
  undone: text('恢复原值：', 'Put back: '),
  commandUnanswered: text(
    '网关没有答复，不知是否已写入。请查看当前值；再次按“写入”不会重复执行',
    'The gateway did not answer: whether it was written is not known. Look at the value; pressing Write again does nothing twice',
  ),
} as const satisfies Readonly<Record<string, Text>>;
