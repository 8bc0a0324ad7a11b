import type { StoryLine } from '../console/api.ts';
import type { Problem } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { ShelfChange } from '../core/model-shelf.ts';
import { asText, both, type Text } from '../core/text.ts';

const gatewayTexts: Readonly<Record<string, Text>> = {
  'gateway.started': { zh: '网关启动', en: 'Gateway started' },
  'gateway.stopped': { zh: '网关停止', en: 'Gateway stopped' },
  'gateway.event-refused': { zh: '接收方拒收事件', en: 'Receiver refused an event' },
  'gateway.reconfigured': { zh: '配置已更新', en: 'Configuration changed' },
  'gateway.clock-jumped': { zh: '系统时钟跳变', en: 'The clock was set' },
  'gateway.flood-began': { zh: '报警泛滥开始', en: 'Alarm flood began' },
  'gateway.flood-ended': { zh: '报警泛滥结束', en: 'Alarm flood over' },
  'gateway.dead-letters': { zh: '死信已处理', en: 'Dead letters dealt with' },
};
const stateTexts: Readonly<Record<string, Text>> = {
  'alarm.raised': { zh: '报警', en: 'Alarm' },
  'alarm.acknowledged': { zh: '已确认', en: 'Acknowledged' },
  'alarm.cleared': { zh: '恢复', en: 'Cleared' },
  'alarm.reset': { zh: '已复位', en: 'Reset' },
  'alarm.re-alarmed': { zh: '再次报警', en: 'Announced anew' },
  'alarm.escalated': { zh: '逾期未确认', en: 'Not acknowledged in time' },
  'alarm.shelved': { zh: '已搁置', en: 'Shelved' },
  'alarm.unshelved': { zh: '搁置结束', en: 'No longer shelved' },
  'alarm.suppressed': { zh: '已抑制', en: 'Suppressed' },
  'alarm.unsuppressed': { zh: '抑制结束', en: 'No longer suppressed' },
  'alarm.out-of-service': { zh: '退出运行', en: 'Out of service' },
  'alarm.in-service': { zh: '恢复运行', en: 'Back in service' },
  'alarm.condition-changed': { zh: '状态变化（未显示）', en: 'Condition changed, not announced' },
  'alarm.changed': { zh: '位置更新', en: 'Better placed' },
  'alarm.commented': { zh: '备注', en: 'Comment' },
  'alarm.case-changed': { zh: '案件进展', en: 'Case' },
  'alarm.judged': { zh: '已评价', en: 'Judged' },
  'maintenance.began': { zh: '挂牌', en: 'Maintenance' },
  'maintenance.ended': { zh: '摘牌', en: 'Maintenance over' },
  'value.substituted': { zh: '人工置数或仿真', en: 'Set by hand or simulated' },
  'value.restored': { zh: '置数或仿真解除', en: 'Measured again' },
  'detection.tolerance-changed': { zh: '限值调整', en: 'Limits moved' },
  'detection.calibrated': { zh: '自动标定', en: 'Calibrated by itself' },
  'detection.recalibration-proposed': { zh: '建议重新标定', en: 'Re-calibration proposed' },
  'detection.recalibration-settled': { zh: '不再建议重新标定', en: 'Re-calibration no longer proposed' },
  'incident.opened': { zh: '事件开始', en: 'Incident' },
  'incident.changed': { zh: '事件变化', en: 'Incident changed' },
  'incident.closed': { zh: '事件结束', en: 'Incident over' },
  'incident.acknowledged': { zh: '事件已确认', en: 'Incident acknowledged' },
  'incident.dispatched': { zh: '事件已派遣', en: 'Crew sent' },
  'incident.closed-out': { zh: '事件已办结', en: 'Incident closed' },
  'incident.reopened': { zh: '事件重新打开', en: 'Incident open again' },
  'incident.noted': { zh: '事件备注', en: 'Note on incident' },
  'incident.step-done': { zh: '处置步骤完成', en: 'Step done' },
  'incident.step-undone': { zh: '处置步骤撤销', en: 'Step not done after all' },
};

const changeTexts: Readonly<Record<ShelfChange['change'], Text>> = {
  shadow: { zh: '开始影子运行', en: 'scores in shadow' },
  unshadow: { zh: '结束影子运行', en: 'out of shadow' },
  promote: { zh: '投入使用', en: 'decides from now on' },
  'roll-back': { zh: '已回退', en: 'rolled back' },
};

function modelText({ subject, data }: Event): Text {
  const { version, by } = data;
  const done = changeTexts[data['change'] as ShelfChange['change']];
  return {
    zh: `${subject} 模型版本 ${version} ${done?.zh}（${by}）`,
    en: `${subject}: model version ${version} ${done?.en} (${by})`,
  };
}

const orderTexts: Readonly<Record<string, Text>> = {
  'order.accepted': { zh: '中心指令', en: 'Order of the centre' },
  'order.refused': { zh: '中心指令被拒绝', en: 'Order of the centre refused' },
  'order.failed': { zh: '中心指令未执行', en: 'Order of the centre not carried out' },
};

function orderText({ type, data }: Event): Text {
  const { kind, by, problem } = data as { kind?: string; by?: string; problem?: Problem };
  const what = both(`${kind ?? ''} (${by ?? ''})`, `${kind ?? ''}（${by ?? ''}）`);
  const told = problem ? both(`${problem.code} ${problem.message}`, `${problem.code} ${problem.zh.message}`) : what;
  const prefix = orderTexts[type] ?? asText(type);
  return { zh: `${prefix.zh}：${told.zh}`, en: `${prefix.en}: ${told.en}` };
}

const commandTexts: Readonly<Record<string, Text>> = {
  accepted: { zh: '下发指令', en: 'Command' },
  done: { zh: '已写入并回读', en: 'Written and read back' },
  refused: { zh: '指令被拒绝', en: 'Command refused' },
  failed: { zh: '写入未成功', en: 'Not written' },
  unknown: { zh: '写入结果不明', en: 'Unknown whether written' },
};

function commandText({ type, subject, data }: Event): Text {
  const { outcome, told } = data as { outcome?: string; told?: Text };
  const what = told ?? asText(subject);
  const prefix = commandTexts[outcome ?? 'accepted'] ?? asText(type);
  return { zh: `${prefix.zh}：${what.zh}`, en: `${prefix.en}: ${what.en}` };
}

/** What the overview tells of an event. */
export function storyLine(event: Event): StoryLine {
  const { time, type: kind, subject } = event;
  const message = event.data['message'] as Text | undefined;
  if (kind === 'model.changed') return { time, kind, subject, text: modelText(event) };
  if (kind.startsWith('order.')) return { time, kind, subject, text: orderText(event) };
  if (kind.startsWith('command.')) return { time, kind, subject, text: commandText(event) };
  const prefix = stateTexts[kind];
  if (!message || !prefix) return { time, kind, subject, text: gatewayTexts[kind] ?? { zh: kind, en: kind } };
  return { time, kind, subject, text: { zh: `${prefix.zh}：${message.zh}`, en: `${prefix.en}: ${message.en}` } };
}
