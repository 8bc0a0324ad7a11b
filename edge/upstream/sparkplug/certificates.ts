import type { Announcement } from './announcement.ts';
import type { AssetTemplates } from './asset-templates.ts';
import { acknowledgeName, rebirthName } from './commands.ts';
import { Datatype } from './datatype.ts';
import type { Metrics } from './metrics.ts';
import type { Metric, Payload } from './payload.ts';

/** Number of the connection: on births and deaths alike, without an alias (tck-id-payloads-nbirth-bdseq). */
const bdSeqMetric = (bdSeq: number, timestamp: number): Metric => ({
  ...{ name: 'bdSeq', timestamp, datatype: Datatype.int64, longValue: bdSeq },
});

/** Death of the node: its will, and its word when it goes by itself; no seq (tck-id-topics-ndeath-payload). */
export function nodeDeath(bdSeq: number, nowMs: number): Payload {
  return { timestamp: nowMs, metrics: [bdSeqMetric(bdSeq, nowMs)] };
}

/** Death of a device: only when it was (tck-id-topics-ddeath-seq-num). */
export function deviceDeath(seq: number, nowMs: number): Payload {
  return { timestamp: nowMs, metrics: [], seq };
}

/** What births are made from. */
export interface BirthParts {
  readonly announcement: Announcement;
  readonly metrics: Metrics;
  readonly templates: AssetTemplates | undefined;
}

/** Birth of the node: control, templates, and the tags of no device under their full names. */
export function nodeBirth({ announcement, metrics, templates }: BirthParts, bdSeq: number, nowMs: number): Payload {
  const { ofNode, tags } = announcement;
  return {
    timestamp: nowMs,
    metrics: [
      bdSeqMetric(bdSeq, nowMs),
      { name: rebirthName, timestamp: nowMs, datatype: Datatype.boolean, booleanValue: false },
      { name: acknowledgeName, timestamp: nowMs, datatype: Datatype.string, stringValue: '' },
      ...(templates?.births(nowMs) ?? []),
      ...ofNode.map((tag) => metrics.birth(tag, tags.at(tag).name, nowMs)),
    ],
    seq: 0,
  };
}

/** Birth of a device: all its tags under the names of their points. */
export function deviceBirth(
  { announcement, metrics }: BirthParts,
  device: string,
  seq: number,
  nowMs: number,
): Payload {
  const own = announcement.ofDevice.get(device) ?? [];
  return {
    timestamp: nowMs,
    metrics: own.map((tag) => metrics.birth(tag, announcement.tags.at(tag).point, nowMs)),
    seq,
  };
}
