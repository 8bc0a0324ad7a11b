import { createBatch, type SampleBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { LifelineError } from '../core/errors.ts';
import type { Event, NewEvent } from '../core/event.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { ManualValue } from '../core/manual-value.ts';
import { isBad, Quality } from '../core/quality.ts';
import type { TagTable } from '../core/tag.ts';
import { asText, both, type Text } from '../core/text.ts';
import { unitSign } from '../core/unit-sign.ts';
import { manualErrors } from './errors.ts';

const longestMs = 7 * 86_400_000;
/** A loop is tested under somebody's eyes. */
const longestSimulationMs = 30 * 60_000;
/** In whose name a simulation ends by itself. */
const self = 'lifeline';
const mostValues = 200;

export interface ManualValuesParts {
  readonly clock: Clock;
  /** The table in force. */
  tags(): TagTable;
  /** Whether a safety limit rests on the tag. */
  guarded(tag: number): boolean;
  /** Whether it does so by more than the tag's own value: a simulated one would hide the danger elsewhere. */
  masks(tag: number): boolean;
  /** Whether a value of the wire is beyond a safety limit of the tag. */
  endangers(tag: number, value: number, quality: number): boolean;
  /** What tags show now. */
  readonly live: LiveTable;
  /** Sends a raw batch through the pipeline. */
  push(raw: SampleBatch): void;
  /** Resolves once the event is on disk. */
  record(event: NewEvent): Promise<void>;
  onChange(): void;
  /** What people call a tag; its id when left out. */
  nameOf?(tag: string): Text | undefined;
}

type Refuse = (code: Parameters<typeof manualErrors.create>[0], why: Text) => LifelineError;

/** How a value is to be set. */
export interface ManualWish extends Pick<ManualValue, 'tag' | 'value' | 'by' | 'reason' | 'simulated'> {
  readonly forMs: number;
}

interface Sample {
  readonly value: number;
  readonly quality: number;
  readonly time: number;
}

/** A value that stands in the place of the wire's, with what the wire says. */
interface Held {
  readonly manual: ManualValue;
  /** Before scaling, … */
  wire: Sample;
  /** … and after it. */
  real: Pick<Sample, 'value' | 'quality'>;
  /** The real value that people were told last. */
  told: number;
}

/**
 * Values set by hand, or simulated for a test of the loop: they stand in the place of the wire's, marked as substituted, until
 * their time is over. A simulated one ends at once when the real one is beyond a safety limit, and with the gateway.
 */
export class ManualValues {
  private readonly held = new Map<string, ManualValue>();
  /** By the index that a tag has now. */
  private byIndex = new Map<number, Held>();
  private readonly parts: ManualValuesParts;

  constructor(parts: ManualValuesParts) {
    this.parts = parts;
  }

  current(): readonly ManualValue[] {
    return [...this.held.values()].map((manual) => {
      const real = this.byIndex.get(this.parts.tags().indexOf(manual.tag) ?? -1)?.real;
      return manual.simulated && real && !isBad(real.quality) ? { ...manual, real: real.value } : manual;
    });
  }

  /** Whether the tag's value is simulated. */
  simulated(tag: number): boolean {
    return this.byIndex.get(tag)?.manual.simulated === true;
  }

  /** Sets a value; rejects with a coded error where that may not be. On disk when it resolves. */
  async set({ forMs, ...wish }: ManualWish): Promise<void> {
    const { clock } = this.parts;
    const since = clock.wallMs();
    const manual = { ...wish, since, until: since + forMs };
    this.check(manual);
    await this.parts.record(this.eventOf('value.substituted', manual, since, manual.by));
    this.hold(manual);
    this.parts.onChange();
  }

  /** Takes a value back before its time; false where none is set. On disk when it resolves. */
  async end(tag: string, by: string): Promise<boolean> {
    const manual = this.held.get(tag);
    if (!manual) return false;
    await this.parts.record(this.eventOf('value.restored', manual, this.parts.clock.wallMs(), by));
    this.release(tag);
    return true;
  }

  /** Takes back what has had its time. */
  tick(): void {
    const nowMs = this.parts.clock.wallMs();
    for (const { tag, by, until } of [...this.held.values()]) if (nowMs >= until) void this.end(tag, by);
    const simulated = [...this.byIndex.values()].filter(({ manual }) => manual.simulated);
    const moved = simulated.filter(({ real, told }) => !Object.is(real.value, told));
    for (const entry of moved) entry.told = entry.real.value;
    if (moved.length > 0) this.parts.onChange();
  }

  /** Takes in a journaled event after a restart. */
  restore({ type, data }: Event): void {
    if (type !== 'value.substituted' && type !== 'value.restored') return;
    const { tag, value, by, reason, since, until, simulated = false } = data as unknown as ManualValue;
    if (type === 'value.substituted') this.held.set(tag, { tag, value, by, reason, since, until, simulated });
    else this.held.delete(tag);
  }

  /** Shows its values under the table that has come into force. */
  adopt(): void {
    const before = [...this.byIndex.values()].map(({ manual }) => manual.tag);
    this.byIndex = new Map();
    for (const manual of this.held.values()) {
      // whoever tests a loop sees what comes of it: nothing is simulated over a restart
      if (manual.simulated && !before.includes(manual.tag)) this.cut(manual);
      else this.hold(manual);
    }
  }

  /** Keeps what the wire says of tags that are set by hand; before a raw batch is scaled. */
  remember({ tags, values, quality, times }: SampleBatch): void {
    if (this.byIndex.size === 0) return;
    for (let row = 0; row < tags.length; row++) {
      const entry = this.byIndex.get(tags[row] as number);
      const [value, code, time] = [values[row], quality[row], times[row]] as [number, number, number];
      if (entry) entry.wire = { value, quality: code, time };
    }
  }

  /** Puts the values set by hand into a scaled batch. */
  substitute({ tags, values, quality, times, received }: SampleBatch): void {
    if (this.byIndex.size === 0) return;
    for (let row = 0; row < tags.length; row++) {
      const tag = tags[row] as number;
      const entry = this.byIndex.get(tag);
      if (!entry) continue;
      entry.real = { value: values[row] as number, quality: quality[row] as number };
      if (entry.manual.simulated && this.parts.endangers(tag, entry.real.value, entry.real.quality)) {
        this.cut(entry.manual);
        continue;
      }
      values[row] = entry.manual.value;
      quality[row] = Quality.substituted;
      times[row] = received;
    }
  }

  /** Ends a simulation by itself, before the next sample. */
  private cut(manual: ManualValue): void {
    this.held.delete(manual.tag);
    this.byIndex.delete(this.parts.tags().indexOf(manual.tag) ?? -1);
    void this.parts.record(this.eventOf('value.restored', manual, this.parts.clock.wallMs(), self));
    this.parts.onChange();
  }

  private check({ tag, value, since, until, simulated }: ManualValue): void {
    const index = this.parts.tags().indexOf(tag);
    const name = this.nameOf(tag);
    const wanted = simulated
      ? both(`simulate ${value} on ${name.en}`, `在 ${name.zh} 上仿真 ${value}`)
      : both(`set ${name.en} to ${value} by hand`, `将 ${name.zh} 人工置为 ${value}`);
    const refuse: Refuse = (code, why) =>
      manualErrors.create(code, both(`${wanted.en}: ${why.en}`, `${wanted.zh}：${why.zh}`));
    if (index === undefined) throw refuse('TAG', both('no such tag', '没有此测点'));
    const { low, high, shows, unit } = this.parts.tags().at(index);
    if (shows) throw refuse('TAG', both(`it holds ${shows}`, '该点保存文本或时间'));
    if (simulated) this.checkSimulated(index, refuse);
    else if (this.parts.guarded(index)) throw refuse('SAFETY', both('a safety limit reads it', '安全限值使用该点'));
    const sign = unitSign(unit);
    const range = both(`${low} to ${high} ${sign}`, `${low} 至 ${high} ${sign}`);
    const inRange = simulated ? Number.isFinite(value) : value >= low && value <= high;
    if (!inRange) throw refuse('RANGE', both(`it is ${range.en}`, `范围为 ${range.zh}`));
    const lengthMs = until - since;
    const minutes = Math.round(lengthMs / 60_000);
    if (simulated && !(lengthMs > 0 && lengthMs <= longestSimulationMs))
      throw refuse('TEST-TIME', both(`${minutes} min is not within 30 min`, `${minutes} 分钟不在 30 分钟以内`));
    if (!(lengthMs > 0 && lengthMs <= longestMs))
      throw refuse('TIME', both(`${minutes} min is not within 7 days`, `${minutes} 分钟不在 7 天以内`));
    if (this.held.size >= mostValues && !this.held.has(tag))
      throw refuse('MANY', both(`${mostValues} are set already`, `已置 ${mostValues} 个`));
  }

  /** What a simulated value would hide, or hides already. */
  private checkSimulated(index: number, refuse: Refuse): void {
    const { masks, endangers } = this.parts;
    if (masks(index))
      throw refuse('MASKS', both('a safety limit of other values rests on it', '其他测点的安全限值依赖该点'));
    const { real } = this.byIndex.get(index) ?? this.shown(index);
    if (endangers(index, real.value, real.quality))
      throw refuse('DANGER', both(`it measures ${real.value} now`, `当前实测 ${real.value}`));
  }

  private nameOf(tag: string): Text {
    return this.parts.nameOf?.(tag) ?? asText(tag);
  }

  private hold(manual: ManualValue): void {
    this.held.set(manual.tag, manual);
    const index = this.parts.tags().indexOf(manual.tag);
    if (index === undefined) return;
    const { wire, real } = this.byIndex.get(index) ?? this.shown(index);
    this.byIndex.set(index, { manual, wire, real, told: Number.NaN });
    this.send(index, wire);
  }

  /** What the wire has said of a tag that was not held so far. */
  private shown(index: number): Pick<Held, 'wire' | 'real'> {
    const { values, quality, times } = this.parts.live;
    const [value = Number.NaN, code = Quality.stale, time = 0] = [values[index], quality[index], times[index]];
    const { scale, offset } = this.parts.tags().at(index);
    const real = { value, quality: code, time };
    return { real, wire: { ...real, value: (real.value - offset) / scale } };
  }

  private release(tag: string): void {
    this.held.delete(tag);
    const index = this.parts.tags().indexOf(tag);
    const entry = this.byIndex.get(index ?? -1);
    if (index !== undefined && entry) {
      this.byIndex.delete(index);
      this.send(index, entry.wire);
    }
    this.parts.onChange();
  }

  /** A sample of one tag, so that nobody has to wait for the wire. */
  private send(tag: number, { value, quality, time }: Sample): void {
    const nowMs = this.parts.clock.wallMs();
    const batch = createBatch(this.parts.tags().at(tag).device, 1, nowMs);
    batch.tags[0] = tag;
    batch.values[0] = value;
    batch.quality[0] = quality;
    batch.times[0] = time === 0 ? nowMs : time;
    this.parts.push(batch);
  }

  private eventOf(
    type: 'value.substituted' | 'value.restored',
    manual: ManualValue,
    time: number,
    by: string,
  ): NewEvent {
    const { tag, value, reason } = manual;
    const index = this.parts.tags().indexOf(tag);
    const { device: subject, unit } = index === undefined ? { device: tag, unit: '' } : this.parts.tags().at(index);
    const name = this.nameOf(tag);
    const figure = `${value} ${unitSign(unit)}`.trimEnd();
    const set = manual.simulated
      ? both(`${name.en} simulated as ${figure}`, `${name.zh} 仿真 ${figure}`)
      : both(`${name.en} set to ${figure} by hand`, `${name.zh} 人工置数 ${figure}`);
    const over = manual.simulated
      ? both(`${name.en} is no longer simulated`, `${name.zh} 仿真结束`)
      : both(`${name.en} is no longer set by hand`, `${name.zh} 人工置数解除`);
    const message =
      type === 'value.substituted'
        ? both(`${set.en}: ${reason} (${by})`, `${set.zh}：${reason}（${by}）`)
        : both(`${over.en} (${by})`, `${over.zh}（${by}）`);
    const data = { ...manual, unit, endedBy: type === 'value.restored' ? by : null, message };
    return { type, time, subject, utility: 'gateway', data };
  }
}
