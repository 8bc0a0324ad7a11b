import type { Subject } from 'rxjs';
import type { LoadedGateway } from '../config/load.ts';
import type { ConsoleChange, ConsoleDescription, ConsoleKind, ConsoleSource, StoryLine } from '../console/api.ts';
import { utilityOf } from '../core/asset.ts';
import type { Clock } from '../core/clock.ts';
import type { DeviceDiagnostics } from '../core/diagnostics.ts';
import type { Problem } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { ShelfChange } from '../core/model-shelf.ts';
import { asText, both, type Text } from '../core/text.ts';
import type { Store } from '../store/api.ts';
import type { AlarmDesk } from './alarm-desk.ts';
import { FrameKeeper, type Trace } from './frame-keeper.ts';
import { IncidentDesk } from './incident-desk.ts';

/** In which order pages show them; others follow. */
const utilities = ['water', 'heating', 'gas', 'gallery', 'lighting', 'drainage'];

/** Lines of the story kept for pages. */
const maxStoryLines = 200;

interface ReadModelParts {
  /** The configuration in force. */
  readonly loaded: () => LoadedGateway;
  readonly clock: Clock;
  readonly live: LiveTable;
  readonly store: Store;
  readonly desk: AlarmDesk;
  /** What changed, from all parts; the story's own changes are added here. */
  readonly changes: Subject<ConsoleChange>;
  readonly version: string;
  readonly devices: ConsoleSource['devices'];
  readonly diagnostics: (device: string) => DeviceDiagnostics | undefined;
  readonly trace: Trace;
  readonly sinks: ConsoleSource['sinks'];
  readonly deadLetters: ConsoleSource['deadLetters'];
  readonly callBack: ConsoleSource['callBack'];
  readonly manual: ConsoleSource['manual'];
  readonly commands: ConsoleSource['commands'];
  readonly writes: () => ConsoleDescription['writes'];
  readonly detection: ConsoleSource['detection'];
  readonly health: ConsoleSource['health'];
}

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

function describe(
  loaded: LoadedGateway,
  writes: ConsoleDescription['writes'],
  about: Omit<ConsoleDescription['gateway'], 'id' | 'name'>,
): ConsoleDescription {
  const { id, name = id } = loaded.config.gateway;
  const place = (pack: string) => [...utilities, pack].indexOf(pack);
  const used = new Set(loaded.assets.map(({ type }) => utilityOf(type)));
  const packs = [...loaded.packs.values()]
    .filter(({ pack }) => used.has(pack))
    .sort((a, b) => place(a.pack) - place(b.pack));
  const kinds: Record<string, ConsoleKind> = {};
  for (const pack of packs)
    for (const [kind, asset] of Object.entries(pack.assets)) kinds[`${pack.pack}.${kind}`] = asset;
  return {
    gateway: { id, name, ...about },
    utilities: packs.map(({ pack, name, figures }) => ({ id: pack, name, figures })),
    kinds,
    assets: loaded.assets,
    tags: loaded.tags.definitions,
    ...(writes ? { writes } : {}),
  };
}

/** What the console may know of the running gateway. */
export function createReadModel(parts: ReadModelParts): ConsoleSource {
  const { store, desk, changes, version, clock } = parts;
  const startedAt = clock.wallMs();
  let loaded = parts.loaded();
  let description = describe(loaded, parts.writes(), { version, startedAt, configuredAt: startedAt });
  const frames = new FrameKeeper(clock, parts.trace);
  const story: StoryLine[] = [];
  store.journal.onAppend((events) => {
    story.unshift(...events.map(storyLine).reverse());
    story.length = Math.min(story.length, maxStoryLines);
    changes.next('events');
  });
  return {
    get description() {
      if (loaded !== parts.loaded()) {
        loaded = parts.loaded();
        description = describe(loaded, parts.writes(), { version, startedAt, configuredAt: clock.wallMs() });
      }
      return description;
    },
    live: parts.live,
    alarms: () => desk.register.current(),
    alarm: (id) => desk.known(id),
    flood: () => desk.flood.current,
    maintenance: () => desk.maintenance.current(),
    performance: (lastMs) => desk.performance(lastMs),
    recentEvents: () => story,
    devices: parts.devices,
    inspect(device) {
      const status = parts.devices().find(({ id }) => id === device);
      const diagnostics = parts.diagnostics(device);
      return status && diagnostics && { status, ...diagnostics, frames: frames.look(device) };
    },
    sinks: parts.sinks,
    deadLetters: parts.deadLetters,
    callBack: parts.callBack,
    history: (tag, fromMs, toMs, maxPoints) => store.history.query(tag, fromMs, toMs, maxPoints),
    recentAlarms: (most) => desk.register.recent(most),
    acts: desk,
    manual: parts.manual,
    commands: parts.commands,
    incidents: new IncidentDesk({ desk, clock, onChange: () => changes.next('alarms') }),
    verdicts: () => desk.verdictReport(),
    alarmTimes: (assets, fromMs, toMs, most) => desk.verdicts.during(assets, fromMs, toMs, most),
    detection: parts.detection,
    health: parts.health,
    onChange(listener) {
      const subscription = changes.subscribe(listener);
      return () => subscription.unsubscribe();
    },
  };
}
