import { type Clock, delay } from '../core/clock.ts';
import type { Actor, Command, CommandResult, ConsoleWriters } from '../core/command.ts';
import { describeError, errorWithin, LifelineError, type Problem, problemOf } from '../core/errors.ts';
import type { Event, NewEvent } from '../core/event.ts';
import type { Finding } from '../core/finding.ts';
import type { Log } from '../core/log.ts';
import { asText, both, type Text } from '../core/text.ts';
import { agrees, type OutputPoint, rawOf, refusalOf, sameCommand, saying } from './decide.ts';
import { controlErrors } from './errors.ts';
import { readBackPauseMs, readBackTries } from './read-back.ts';
import { Remembered, sender } from './remembered.ts';

/** Commands under way at once in one gateway. */
const maxUnderWay = 64;

/** What became of a write, as drivers tell it. */
export type Written =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly error: LifelineError }
  | { readonly kind: 'unknown'; readonly error: LifelineError };

/** The way to a point that is connected now. */
export interface Output {
  /** Never rejects. */
  write(raw: number): Promise<Written>;
  /** Rejects with a coded error when there is no value. */
  readBack(): Promise<number>;
}

export interface CommandParts {
  readonly clock: Clock;
  readonly log: Log;
  /** The point behind a tag; undefined when there is none. */
  point(tag: string): OutputPoint | undefined;
  /** The open way to it; undefined while the device is not connected or its driver cannot write. */
  output(tag: string): Output | undefined;
  /** Resolves once the events are on disk, rejects when the disk refuses them. */
  append(events: readonly NewEvent[]): Promise<readonly Event[]>;
  /** Brings an event into the journal, however long that takes. */
  record(event: NewEvent): Promise<unknown>;
  /** Resolves once `restore` has heard of everything before a restart, as it has when left out. */
  recalled?(): Promise<void>;
  onFinding(finding: Finding): void;
  /** The least role that may write over the console; left out where nobody may. */
  readonly consoleWriters?: ConsoleWriters | undefined;
  /** What people call a tag; its id when left out. */
  nameOf?(tag: string): Text | undefined;
}

/**
 * The only way to a PLC's outputs: permission, range, audit on disk, one write, reading back, audit of the end. The same id
 * gets the same answer and never a second write, over a restart too; a tag takes one command at a time; nothing is
 * written twice, since a lost answer is settled by reading back.
 */
export class Commands {
  private readonly parts: CommandParts;
  private readonly remembered = new Remembered();
  private readonly underWay = new Map<string, Promise<CommandResult>>();
  /** Tags whose last command failed, for the alarm to clear. */
  private readonly failing = new Set<string>();
  private stopped = false;

  constructor(parts: CommandParts) {
    this.parts = parts;
  }

  /** Takes back from the journal what was answered before a restart. */
  restore(event: Event): void {
    this.remembered.restore(event);
  }

  /** Carries a command out or says why not; resolves when the answer is on disk. Never rejects for the command's own faults. */
  async submit(command: Command, actor: Actor): Promise<CommandResult> {
    await this.parts.recalled?.();
    const known = this.remembered.get(command.id);
    if (known && sameCommand(known.command, command) && known.by === sender(actor)) return known.result;
    const error = known
      ? controlErrors.create(
          'REPLAYED',
          saying(command, both(`id ${command.id} is another command's`, `编号 ${command.id} 已用于另一指令`)),
        )
      : this.refusal(command, actor);
    if (error) {
      const result = this.end(command, actor, { outcome: 'refused', error });
      if (!known && error.code !== 'LL-CONTROL-FORBIDDEN') this.remembered.keep(command, sender(actor), result);
      return result;
    }
    const result = this.carryOut(command, actor).finally(() => this.underWay.delete(command.tag));
    this.underWay.set(command.tag, result);
    this.remembered.keep(command, sender(actor), result);
    return result;
  }

  /** Takes no more commands; resolves when none is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.underWay.values());
  }

  private refusal(command: Command, actor: Actor): LifelineError | undefined {
    const refused = this.refusedByRule(command, actor);
    if (refused) return refused;
    const busy = (en: string, zh: string) => controlErrors.create('BUSY', saying(command, both(en, zh)));
    if (this.stopped) return busy('the gateway stops', '网关正在停止');
    if (this.underWay.has(command.tag)) return busy('another command to this tag is under way', '该点另有指令在执行');
    const full = this.underWay.size >= maxUnderWay;
    return full ? busy(`${maxUnderWay} commands are under way`, `已有 ${maxUnderWay} 条指令在执行`) : undefined;
  }

  private refusedByRule(command: Command, actor: Actor): LifelineError | undefined {
    const { clock, consoleWriters, point } = this.parts;
    return refusalOf(command, actor, point(command.tag), { nowMs: clock.wallMs(), consoleWriters });
  }

  private async carryOut(command: Command, actor: Actor): Promise<CommandResult> {
    const { append, output, point } = this.parts;
    try {
      await append([this.event('command.accepted', command, actor, {})]);
    } catch (cause) {
      const error = controlErrors.create('AUDIT', saying(command, both('not recorded', '未能记录')), cause);
      return this.end(command, actor, { outcome: 'refused', error });
    }
    // what was allowed before the journal had it may not be any more
    const late = this.refusedByRule(command, actor);
    const way = output(command.tag);
    const target = point(command.tag);
    if (late || !way || !target) {
      const offline = () => controlErrors.create('DEVICE', saying(command, both('not connected', '未连接')));
      return this.end(command, actor, { outcome: 'refused', error: late ?? offline() });
    }
    return this.end(command, actor, await this.write(command, target, way));
  }

  /** One write, then reading back until it shows or is given up. */
  private async write(command: Command, point: OutputPoint, way: Output): Promise<Ending> {
    const raw = rawOf(command.value, point);
    const written = await way.write(raw);
    if (written.kind === 'refused') {
      return { outcome: 'failed', error: controlErrors.create('DEVICE', saying(command, notWritten), written.error) };
    }
    const { value, error } = await this.readBack(raw, point, way);
    if (value === undefined) {
      const cause = written.kind === 'unknown' ? written.error : error;
      return { outcome: 'unknown', error: controlErrors.create('UNKNOWN', saying(command, notReadBack), cause) };
    }
    const readBack = value * point.scale + point.offset;
    if (agrees(raw, value, point)) return { outcome: 'done', readBack };
    const shown = `${readBack} ${point.unit}`.trimEnd();
    const message = saying(command, both(`reads back as ${shown}`, `回读为 ${shown}`));
    return { outcome: 'failed', readBack, error: controlErrors.create('MISMATCH', message) };
  }

  /** The last raw value read; undefined when none could be. */
  private async readBack(raw: number, point: OutputPoint, way: Output): Promise<ReadBack> {
    let last: ReadBack = { value: undefined, error: undefined };
    for (let attempt = 0; attempt < readBackTries; attempt++) {
      if (attempt > 0) await delay(this.parts.clock, readBackPauseMs);
      try {
        const value = await way.readBack();
        last = { value, error: undefined };
        if (agrees(raw, value, point)) return last;
      } catch (error) {
        if (!(error instanceof LifelineError)) throw error;
        last = { value: last.value, error };
      }
    }
    return last;
  }

  /** Records the end, raises or clears the alarm, gives the answer. */
  private async end(
    command: Command,
    actor: Actor,
    { outcome, readBack = null, error }: Ending,
  ): Promise<CommandResult> {
    const { log, record } = this.parts;
    const { id, tag, value } = command;
    const problem = error ? toldWhole(error) : null;
    const code = error?.code ?? null;
    const message = error ? describeError(error) : null;
    const fields = { id, tag, value, by: actor.name, outcome, code, readBack };
    if (error) log.warn({ ...fields, next: error.next }, message ?? '');
    else log.info(fields, 'command done');
    if (outcome !== 'refused') this.tell(command, outcome, readBack);
    const type = outcome === 'refused' ? 'command.refused' : 'command.done';
    await record(this.event(type, command, actor, { outcome, readBack, code, message, problem }));
    return { id, tag, outcome, readBack, code, message, problem };
  }

  private tell({ tag, value }: Command, outcome: CommandResult['outcome'], readBack: number | null): void {
    const active = outcome !== 'done';
    if (!active && !this.failing.delete(tag)) return;
    if (active) this.failing.add(tag);
    const device = tag.slice(0, tag.indexOf('/'));
    const stillFailing = [...this.failing].some((other) => other.startsWith(`${device}/`));
    this.parts.onFinding({
      ...{ asset: device, kind: 'command-failed', from: 'control', active: active || stillFailing },
      ...{ score: active || stillFailing ? 1 : 0, time: this.parts.clock.wallMs() },
      evidence: [{ tag, observed: readBack ?? Number.NaN, expected: value, unit: '', windowS: 0 }],
      decision: { outcome },
    });
  }

  private event(
    type: NewEvent['type'],
    { id, tag, value, expires, why }: Command,
    actor: Actor,
    more: Readonly<Record<string, unknown>>,
  ): NewEvent {
    const { name: by, role, origin } = actor;
    const { en, zh } = this.parts.nameOf?.(tag) ?? asText(tag);
    const told = both(`${en} to ${value} (${by})`, `${zh} 设为 ${value}（${by}）`);
    return {
      type,
      time: this.parts.clock.wallMs(),
      subject: tag,
      utility: 'gateway',
      data: { id, tag, value, expires, ...(why === undefined ? {} : { why }), by, role, origin, ...more, told },
    };
  }
}

interface Ending {
  readonly outcome: CommandResult['outcome'];
  readonly readBack?: number | null;
  readonly error?: LifelineError;
}

interface ReadBack {
  readonly value: number | undefined;
  readonly error: LifelineError | undefined;
}

const notWritten = both('not written', '未写入');
const notReadBack = both('no reading back', '无法回读');

/** An error and what is behind it, for people. */
function toldWhole(error: LifelineError): Problem {
  const problem = problemOf(error);
  if (error.cause === undefined) return problem;
  const { en, zh } = errorWithin(error.cause);
  const message = `${problem.message} (${en})`;
  return { ...problem, message, zh: { ...problem.zh, message: `${problem.zh.message}（${zh}）` } };
}
