import { createBatch, type SampleBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { Event, NewEvent } from '../core/event.ts';
import type { ManualValue } from '../core/manual-value.ts';
import { Quality } from '../core/quality.ts';
import type { TagTable } from '../core/tag.ts';
import { both, type Text } from '../core/text.ts';
import { manualErrors } from './errors.ts';

const longestMs = 7 * 86_400_000;
const mostValues = 200;

export interface ManualValuesParts {
  readonly clock: Clock;
  /** The table in force. */
  tags(): TagTable;
  /** Whether a safety limit reads the tag. */
  guarded(tag: number): boolean;
  /** Sends a raw batch through the pipeline. */
  push(raw: SampleBatch): void;
  /** Resolves once the event is on disk. */
  record(event: NewEvent): Promise<void>;
  onChange(): void;
}

/** How a value is to be set. */
export interface ManualWish extends Pick<ManualValue, 'tag' | 'value' | 'by' | 'reason'> {
  readonly forMs: number;
}

/** What the wire said last, before scaling. */
interface WireSample {
  readonly value: number;
  readonly quality: number;
  readonly time: number;
}
const nothingSeen: WireSample = { value: Number.NaN, quality: Quality.stale, time: 0 };

/** Values set by hand: they stand in the place of the wire's, marked as substituted, until their time is over. */
export class ManualValues {
  private readonly held = new Map<string, ManualValue>();
  /** By the index that a tag has now. */
  private byIndex = new Map<number, { readonly manual: ManualValue; wire: WireSample }>();
  private readonly parts: ManualValuesParts;

  constructor(parts: ManualValuesParts) {
    this.parts = parts;
  }

  current(): readonly ManualValue[] {
    return [...this.held.values()];
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
    for (const { tag, by, until } of this.current()) if (nowMs >= until) void this.end(tag, by);
  }

  /** Takes in a journaled event after a restart. */
  restore({ type, data }: Event): void {
    if (type !== 'value.substituted' && type !== 'value.restored') return;
    const { tag, value, by, reason, since, until } = data as unknown as ManualValue;
    if (type === 'value.substituted') this.held.set(tag, { tag, value, by, reason, since, until });
    else this.held.delete(tag);
  }

  /** Shows its values under the table that has come into force. */
  adopt(): void {
    this.byIndex = new Map();
    for (const manual of this.held.values()) this.hold(manual);
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
      const entry = this.byIndex.get(tags[row] as number);
      if (!entry) continue;
      values[row] = entry.manual.value;
      quality[row] = Quality.substituted;
      times[row] = received;
    }
  }

  private check({ tag, value, since, until }: ManualValue): void {
    const index = this.parts.tags().indexOf(tag);
    const refuse = (code: Parameters<typeof manualErrors.create>[0], why: Text) =>
      manualErrors.create(
        code,
        both(`set ${tag} to ${value} by hand: ${why.en}`, `将 ${tag} 人工置为 ${value}：${why.zh}`),
      );
    if (index === undefined) throw refuse('TAG', both('no such tag', '没有此测点'));
    const { low, high, shows, unit } = this.parts.tags().at(index);
    if (shows) throw refuse('TAG', both(`it holds ${shows}`, '该点保存文本或时间'));
    if (this.parts.guarded(index)) throw refuse('SAFETY', both('a safety limit reads it', '安全限值使用该点'));
    if (!(value >= low && value <= high))
      throw refuse('RANGE', both(`it is ${low} to ${high} ${unit}`, `范围为 ${low} 至 ${high} ${unit}`));
    const lengthMs = until - since;
    if (!(lengthMs > 0 && lengthMs <= longestMs))
      throw refuse(
        'TIME',
        both(
          `${Math.round(lengthMs / 60_000)} min is not within 7 days`,
          `${Math.round(lengthMs / 60_000)} 分钟不在 7 天以内`,
        ),
      );
    if (this.held.size >= mostValues && !this.held.has(tag))
      throw refuse('MANY', both(`${mostValues} are set already`, `已置 ${mostValues} 个`));
  }

  private hold(manual: ManualValue): void {
    this.held.set(manual.tag, manual);
    const index = this.parts.tags().indexOf(manual.tag);
    if (index === undefined) return;
    const wire = this.byIndex.get(index)?.wire ?? nothingSeen;
    this.byIndex.set(index, { manual, wire });
    this.send(index, wire);
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
  private send(tag: number, { value, quality, time }: WireSample): void {
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
    const message =
      type === 'value.substituted'
        ? {
            zh: `${tag} 人工置数 ${value} ${unit}：${reason}（${by}）`,
            en: `${tag} set to ${value} ${unit} by hand: ${reason} (${by})`,
          }
        : { zh: `${tag} 人工置数解除（${by}）`, en: `${tag} is no longer set by hand (${by})` };
    const data = { ...manual, unit, endedBy: type === 'value.restored' ? by : null, message };
    return { type, time, subject, utility: 'gateway', data };
  }
}
