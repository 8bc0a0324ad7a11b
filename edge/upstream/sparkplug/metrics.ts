import type { SampleBatch } from '../../core/batch.ts';
import type { LiveTable } from '../../core/live-table.ts';
import { isGood, Quality } from '../../core/quality.ts';
import type { TagDefinition } from '../../core/tag.ts';
import type { Announcement } from './announcement.ts';
import type { DataPayload } from './data-payload.ts';
import { Datatype, fits } from './datatype.ts';
import type { Metric, PayloadCodec, PropertySet, PropertyValue, ValueFields } from './payload.ts';
import { hasValue, qualityProperties } from './quality.ts';

/** Samples as metrics, by what a node announced. */
export class Metrics {
  private readonly announcement: Announcement;
  private readonly live: LiveTable;
  private readonly codec: Pick<PayloadCodec, 'encodeMetric'>;
  /** By tag index: 1 where the host was told last that a value is not good. */
  private readonly doubted: Uint8Array;

  constructor(announcement: Announcement, live: LiveTable, codec: Pick<PayloadCodec, 'encodeMetric'>) {
    this.announcement = announcement;
    this.live = live;
    this.codec = codec;
    this.doubted = new Uint8Array(announcement.tags.size);
  }

  /** Birth of a tag: name, alias, datatype, properties and the value that it has now. */
  birth(tag: number, name: string, nowMs: number): Metric {
    const { tags, datatypes, aliases } = this.announcement;
    const { live } = this;
    const datatype = datatypes[tag] as number;
    const timestamp = (live.times[tag] as number) > 0 ? whole(live.times[tag] as number) : nowMs;
    const metric: Metric = { name, alias: aliases[tag] as number, timestamp, datatype };
    const code = this.fill(metric, tag, live.values[tag] as number, live.quality[tag] as number, live.textOf(tag));
    this.doubted[tag] = isGood(code) ? 0 : 1;
    return Object.assign(metric, { properties: describing(tags.at(tag), code) });
  }

  /** Puts rows [from, to) of a batch into a payload, but for those of tags that are not announced; returns how many. */
  data(batch: SampleBatch, from: number, to: number, historical: boolean, payload: DataPayload): number {
    const { datatypes, aliases } = this.announcement;
    const { doubted } = this;
    let count = 0;
    for (let row = from; row < to; row++) {
      const tag = batch.tags[row] as number;
      const alias = aliases[tag];
      if (!alias) continue;
      count++;
      const value = batch.values[row] as number;
      const timestamp = whole(batch.times[row] as number);
      const given = batch.quality[row] as number;
      const plain = isGood(given) && Number.isFinite(value) && (historical || !doubted[tag]);
      if (plain && datatypes[tag] === Datatype.float) payload.float(alias, timestamp, historical, value);
      else if (plain && datatypes[tag] === Datatype.double) payload.double(alias, timestamp, historical, value);
      else {
        const metric: Metric = historical ? { alias, timestamp, isHistorical: true } : { alias, timestamp };
        payload.metric(this.codec.encodeMetric(this.told(metric, tag, value, given, batch.texts?.get(tag))));
      }
    }
    return count;
  }

  /** A metric with value and quality, where that is or was not good. */
  private told(metric: Metric, tag: number, value: number, given: number, text: string | undefined): Metric {
    const { doubted } = this;
    const { isHistorical = false } = metric;
    const code = this.fill(metric, tag, value, given, text);
    if (!isGood(code) || (doubted[tag] && !isHistorical)) metric.properties = qualityProperties(code);
    if (!isHistorical) doubted[tag] = isGood(code) ? 0 : 1;
    return metric;
  }

  /** Puts the value in; returns the quality that it has so, bad where the datatype cannot hold it. */
  private fill(metric: Metric, tag: number, value: number, code: number, text: string | undefined): number {
    const datatype = this.announcement.datatypes[tag] as number;
    if (datatype === Datatype.string) {
      if (text !== undefined && hasValue(code)) metric.stringValue = text;
      else metric.isNull = true;
      return code;
    }
    if (!hasValue(code) || !fits(datatype, value)) {
      metric.isNull = true;
      return hasValue(code) ? Quality.config : code;
    }
    setNumber(metric, datatype, value);
    return code;
  }
}

/** Puts a number into the field that its datatype asks for. */
export function setNumber(fields: ValueFields, datatype: number, value: number): void {
  switch (datatype) {
    case Datatype.float:
      fields.floatValue = value;
      return;
    case Datatype.double:
      fields.doubleValue = value;
      return;
    case Datatype.boolean:
      fields.booleanValue = value !== 0;
      return;
    case Datatype.int64:
    case Datatype.uint64:
    case Datatype.dateTime:
      fields.longValue = value;
      return;
    default:
      fields.intValue = value >>> 0; // two's complement of 32 bits
  }
}

const whole = (timeMs: number): number => Math.max(0, Math.round(timeMs));

/** Unit, range, texts of states and meaning, under the names that Ignition reads, and the quality. */
function describing({ unit, low, high, states, description }: TagDefinition, code: number): PropertySet {
  const quality = qualityProperties(code);
  const entries: [string, PropertyValue][] = [];
  const text = (stringValue: string): PropertyValue => ({ type: Datatype.string, stringValue });
  const number = (doubleValue: number): PropertyValue => ({ type: Datatype.double, doubleValue });
  if (unit !== '') entries.push(['engUnit', text(unit)]);
  if (Number.isFinite(low)) entries.push(['engLow', number(low)]);
  if (Number.isFinite(high)) entries.push(['engHigh', number(high)]);
  if (description !== '') entries.push(['documentation', text(description)]);
  const named = Object.entries(states ?? {}).map(([value, name]) => `${value}=${name}`);
  if (named.length > 0) entries.push(['states', text(named.join(';'))]);
  return {
    keys: [...quality.keys, ...entries.map(([key]) => key)],
    values: [...quality.values, ...entries.map(([, value]) => value)],
  };
}
