import type { OrderContent } from '../../core/order.ts';
import type { Announcement } from './announcement.ts';
import { Datatype, fits } from './datatype.ts';
import { type Long, type Metric, type Payload, type PayloadCodec, signedOf, unsignedOf } from './payload.ts';

/** The metric by which a host asks for all births again. */
export const rebirthName = 'Node Control/Rebirth';
/** The metric by which a host acknowledges an alarm: its value is `<asset>/<kind>`. */
export const acknowledgeName = 'Node Control/Acknowledge';
const maxAlarmLength = 150;
/** Larger commands are not looked into. */
const maxCommandBytes = 65_536;
/** Metrics of one command at most. */
const maxMetrics = 100;

/** What a host wants to have done: a value written, an alarm acknowledged. */
export interface Wanted {
  readonly order: OrderContent;
  /** The same for the same command, however often it comes. */
  readonly key: string;
}

/** What a command asks for. */
export interface Command {
  readonly rebirth: boolean;
  readonly wanted: readonly Wanted[];
  /** When it was given, ms since epoch by the host's clock; 0 when it does not say. */
  readonly timeMs: number;
  /** Why parts of it are not heeded. */
  readonly refused: readonly string[];
}

/** Reads NCMD and DCMD payloads by what the node announced. */
export function readCommand(
  codec: PayloadCodec,
  bytes: Buffer,
  device: string | undefined,
  announcement: Announcement,
): Command {
  const nothing = { rebirth: false, wanted: [], timeMs: 0 };
  if (bytes.length > maxCommandBytes) return { ...nothing, refused: [`${bytes.length} bytes are too many`] };
  let payload: Payload;
  try {
    payload = codec.decode(bytes);
  } catch {
    return { ...nothing, refused: ['not a Sparkplug payload'] };
  }
  if (payload.metrics.length > maxMetrics) return { ...nothing, refused: [`more than ${maxMetrics} metrics`] };
  const timeMs = unsignedOf(payload.timestamp ?? 0);
  const wanted: Wanted[] = [];
  const refused: string[] = [];
  let rebirth = false;
  for (const metric of payload.metrics) {
    if (device === undefined && metric.name === rebirthName) {
      rebirth ||= metric.booleanValue === true;
      continue;
    }
    if (device === undefined && metric.name === acknowledgeName) {
      const { stringValue: alarm = '' } = metric;
      if (alarm === '' || alarm.length > maxAlarmLength) refused.push(`${acknowledgeName} names no alarm`);
      else wanted.push({ order: { kind: 'acknowledge', alarm }, key: `${timeMs}/${alarm}` });
      continue;
    }
    const tag = tagOf(metric, device, announcement);
    const value = tag === undefined ? undefined : sentValue(metric, announcement.datatypes[tag] as number);
    const shown = metric.name || `alias ${aliasOf(metric)}`;
    if (tag === undefined) refused.push(`${shown} is not known here`);
    else if (value === undefined) refused.push(`${shown}: the value is not of the announced datatype`);
    else {
      const { name } = announcement.tags.at(tag);
      const key = `${timeMs}/${announcement.aliases[tag]}/${value}`;
      wanted.push({ order: { kind: 'write', tag: name, value }, key });
    }
  }
  return { rebirth, wanted, timeMs, refused };
}

const aliasOf = ({ alias }: Metric): number => unsignedOf(alias ?? 0);

/** The tag that is meant, by alias or by name, on the topic of its own device only. */
function tagOf(metric: Metric, device: string | undefined, announcement: Announcement): number | undefined {
  const { ofDevice, ofNode, aliases, tags } = announcement;
  const candidates = (device === undefined ? ofNode : ofDevice.get(device)) ?? [];
  const alias = aliasOf(metric);
  if (alias > 0) return candidates.find((tag) => aliases[tag] === alias);
  const named = (tag: number) => (device === undefined ? tags.at(tag).name : tags.at(tag).point);
  return candidates.find((tag) => named(tag) === metric.name);
}

/** Datatypes whose values stand in `long_value`. */
const long: ReadonlySet<number> = new Set([Datatype.int64, Datatype.uint64, Datatype.dateTime]);

/**
 * The value, where it is of the announced datatype or one that is certainly the same number in it
 * (tck-id-operational-behavior-data-commands-dcmd-metric-value).
 */
function sentValue(metric: Metric, datatype: number): number | undefined {
  if (metric.isNull) return undefined;
  const has = (field: keyof Metric) => Object.hasOwn(metric, field);
  if (datatype === Datatype.boolean) return has('booleanValue') ? Number(metric.booleanValue) : undefined;
  if (datatype === Datatype.string) return undefined;
  const given = has('floatValue')
    ? metric.floatValue
    : has('doubleValue')
      ? metric.doubleValue
      : has('longValue')
        ? longOf(metric.longValue ?? 0, metric.datatype || datatype)
        : has('intValue')
          ? intOf(metric.intValue ?? 0, metric.datatype || datatype)
          : undefined;
  return given !== undefined && fits(datatype, given) ? given : undefined;
}

const unsigned: ReadonlySet<number> = new Set([Datatype.uint64, Datatype.dateTime]);
const longOf = (value: number | Long, datatype: number): number =>
  unsigned.has(datatype) || !long.has(datatype) ? unsignedOf(value) : signedOf(value);

/** 16 and 32 bits with sign are two's complement, some senders leave the upper half of 32 bits away. */
function intOf(value: number, datatype: number): number {
  if (datatype === Datatype.int16) return (value << 16) >> 16;
  return datatype === Datatype.int32 ? value | 0 : value;
}
