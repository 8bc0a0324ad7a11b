import type { Announcement } from './announcement.ts';
import { Datatype, fits } from './datatype.ts';
import { type Long, type Metric, type Payload, type PayloadCodec, signedOf, unsignedOf } from './payload.ts';

/** The metric by which a host asks for all births again. */
export const rebirthName = 'Node Control/Rebirth';
/** Larger commands are not looked into. */
const maxCommandBytes = 65_536;
/** Values that one command may set. */
const maxWrites = 100;

/** A value that a host wants to have written. */
export interface WantedWrite {
  readonly tag: string;
  readonly value: number;
  /** The same for the same command, however often it comes. */
  readonly key: string;
}

/** What a command asks for. */
export interface Command {
  readonly rebirth: boolean;
  readonly writes: readonly WantedWrite[];
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
  const nothing = { rebirth: false, writes: [], timeMs: 0 };
  if (bytes.length > maxCommandBytes) return { ...nothing, refused: [`${bytes.length} bytes are too many`] };
  let payload: Payload;
  try {
    payload = codec.decode(bytes);
  } catch {
    return { ...nothing, refused: ['not a Sparkplug payload'] };
  }
  if (payload.metrics.length > maxWrites) return { ...nothing, refused: [`more than ${maxWrites} metrics`] };
  const timeMs = unsignedOf(payload.timestamp ?? 0);
  const writes: WantedWrite[] = [];
  const refused: string[] = [];
  let rebirth = false;
  for (const metric of payload.metrics) {
    if (device === undefined && metric.name === rebirthName) {
      rebirth ||= metric.booleanValue === true;
      continue;
    }
    const tag = tagOf(metric, device, announcement);
    const value = tag === undefined ? undefined : sentValue(metric, announcement.datatypes[tag] as number);
    const shown = metric.name || `alias ${aliasOf(metric)}`;
    if (tag === undefined) refused.push(`${shown} is not known here`);
    else if (value === undefined) refused.push(`${shown}: the value is not of the announced datatype`);
    else {
      const { name } = announcement.tags.at(tag);
      writes.push({ tag: name, value, key: `${timeMs}/${announcement.aliases[tag]}/${value}` });
    }
  }
  return { rebirth, writes, timeMs, refused };
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
