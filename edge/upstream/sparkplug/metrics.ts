import type { SampleBatch } from '../../core/batch.ts';
import type { LiveTable } from '../../core/live-table.ts';
import { isGood, Quality } from '../../core/quality.ts';
import type { TagDefinition } from '../../core/tag.ts';
import type { Announcement } from './announcement.ts';
import { Datatype, fits } from './datatype.ts';
import type { Metric, PropertySet, PropertyValue, ValueFields } from './payload.ts';
import { hasValue, qualityProperties } from './quality.ts';

/** Samples as metrics, by what a node announced. */
export class Metrics {
  private readonly announcement: Announcement;
  private readonly live: LiveTable;
  /** By tag index: 1 where the host was told last that a value is not good. */
  private readonly doubted: Uint8Array;

  constructor(announcement: Announcement, live: LiveTable) {
    this.announcement = announcement;
    this.live = live;
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

  /** Rows of a batch; those of tags that are not announced are left out. */
  data(batch: SampleBatch, historical: boolean): Metric[] {
    const { datatypes, aliases } = this.announcement;
    const { doubted } = this;
    const metrics: Metric[] = [];
    for (let row = 0; row < batch.tags.length; row++) {
      const tag = batch.tags[row] as number;
      const alias = aliases[tag];
      if (!alias) continue;
      const value = batch.values[row] as number;
      const timestamp = whole(batch.times[row] as number);
      const given = batch.quality[row] as number;
      if (datatypes[tag] === Datatype.float && isGood(given) && !doubted[tag] && !historical) {
        metrics.push({ alias, timestamp, floatValue: value }); // nearly all there are
        continue;
      }
      const metric: Metric = { alias, timestamp };
      const code = this.fill(metric, tag, value, given, batch.texts?.get(tag));
      if (historical) metric.isHistorical = true;
      if (!isGood(code) || (doubted[tag] && !historical)) metric.properties = qualityProperties(code);
      if (!historical) doubted[tag] = isGood(code) ? 0 : 1;
      metrics.push(metric);
    }
    return metrics;
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
