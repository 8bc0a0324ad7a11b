import type { AcknowledgeResult } from '../console/api.ts';
import type { PlainOrder } from '../control/centre-desk.ts';
import type { Commands } from '../control/commands.ts';
import { orderErrors } from '../control/errors.ts';
import { LifelineError } from '../core/errors.ts';
import { asText, both, type Text } from '../core/text.ts';
import type { Reply } from '../upstream/api.ts';
import type { AlarmDesk } from './alarm-desk.ts';

/** What carries orders of the centre out. */
export interface CarryingOut {
  readonly desk: AlarmDesk;
  readonly commands: Commands;
  /** Takes in a code of a message, for good; undefined where it stands for nothing. */
  reply(code: string, from: string | undefined): Reply | undefined;
  /** ms since epoch. */
  now(): number;
}

/**
 * Does what the centre asked for and may ask for; resolves once it is on disk, with the reason when it could not be done.
 * @param by who gave the order, and over which sink
 */
export async function carryOut(order: PlainOrder, by: string, parts: CarryingOut): Promise<LifelineError | undefined> {
  const { desk, commands, now } = parts;
  if (order.kind === 'write') {
    const { id, tag, value, expires } = order;
    const actor = { name: by, role: 'engineer', origin: 'centre' } as const;
    const { outcome, code, message, problem } = await commands.submit({ id, tag, value, expires }, actor);
    if (outcome === 'done') return undefined;
    const said = problem ? both(`${code} ${problem.message}`, `${code} ${problem.zh.message}`) : asText(`${message}`);
    return orderErrors.create('WRITE', both(`${outcome}, ${said.en}`, `${outcomes[outcome]}，${said.zh}`));
  }
  if (order.kind === 'reply') return acknowledgeAll(parts.reply(order.code, order.from), order.code, desk);
  const { alarm, kind, raisedAt } = order;
  const unknown = (why: Text) =>
    orderErrors.create('UNKNOWN', both(`${kind} ${alarm}: ${why.en}`, `${kind} ${alarm}：${why.zh}`));
  const found = desk.register.get(alarm);
  const sameCase = kind === 'case-status' && found?.cityCase?.number === order.case;
  if (found && raisedAt !== undefined && raisedAt !== found.raisedAt && !sameCase) {
    return unknown(both('it was raised again since', '此后又再次报警'));
  }
  const done = (result: AcknowledgeResult) =>
    result === 'done' ? undefined : unknown(result === 'unknown' ? noAlarm : both(`nothing to ${kind}`, '无需处理'));
  const known = (is: boolean) => (is ? undefined : unknown(noAlarm));
  if (kind === 'acknowledge') return done(await desk.acknowledge(alarm, by, order.note));
  if (kind === 'reset') return done(await desk.reset(alarm, by));
  if (kind === 'unshelve') return done(await desk.unshelve(alarm, by));
  if (kind === 'comment') return known(await desk.comment(alarm, order.text, by));
  if (kind === 'shelve') {
    const { reason, minutes, once = false } = order;
    const result = desk.shelve(alarm, { by, reason, once, forMs: minutes * 60_000 });
    return result.then(done, (error: unknown) => {
      if (error instanceof LifelineError) return error;
      throw error;
    });
  }
  const { case: number, stage, unit = '', note = '' } = order;
  return known(await desk.tellCase(alarm, { number, stage, unit, note, by, at: now() }));
}

/** What a code of a message stands for, in the name of whom the message went to. */
async function acknowledgeAll(
  reply: Reply | undefined,
  code: string,
  desk: AlarmDesk,
): Promise<LifelineError | undefined> {
  if (!reply) return orderErrors.create('CODE', both(`reply ${code}: it stands for nothing`, `回复 ${code}：代码无效`));
  let done = 0;
  for (const { alarm, raisedAt } of reply.alarms) {
    if (desk.register.get(alarm)?.raisedAt !== raisedAt) continue;
    if ((await desk.acknowledge(alarm, reply.by)) === 'done') done++;
  }
  if (done > 0) return undefined;
  const [en, zh] = [
    `reply ${code} of ${reply.by}: nothing to acknowledge`,
    `${reply.by} 的回复 ${code}：没有可确认的报警`,
  ];
  return orderErrors.create('UNKNOWN', both(en, zh));
}

const noAlarm = both('no such alarm', '没有此报警');
const outcomes = { done: '完成', refused: '被拒绝', failed: '未成功', unknown: '结果不明' } as const;
