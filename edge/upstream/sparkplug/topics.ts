/** Verbs that an edge node publishes and hears (Sparkplug 3.0 §4.1.3). */
export type Verb = 'NBIRTH' | 'NDEATH' | 'DBIRTH' | 'DDEATH' | 'NDATA' | 'DDATA' | 'NCMD' | 'DCMD';

/** Namespace of version 3.0; topics and verbs of another version are a matter of this file. */
const namespace = 'spBv1.0';

/** Who a node is: unique among all that share a broker. */
export interface NodeName {
  readonly group: string;
  readonly node: string;
}

/** Who the node of a sink is: called like the gateway where nothing else is said. */
export const nodeNameOf = (
  { group, node }: { readonly group: string; readonly node?: string | undefined },
  gateway: string,
): NodeName => ({ group, node: node ?? gateway });

/** `spBv1.0/<group>/<verb>/<node>[/<device>]`. */
export function topicOf({ group, node }: NodeName, verb: Verb, device?: string): string {
  return [namespace, group, verb, node, ...(device === undefined ? [] : [device])].join('/');
}

/** Where a host application says whether it is there. */
export function stateTopic(host: string): string {
  return `${namespace}/STATE/${host}`;
}

/** What came on a topic that this node hears; undefined on any other. */
export function heardOn(
  topic: string,
  name: NodeName,
  host: string | undefined,
): { readonly kind: 'state' } | { readonly kind: 'command'; readonly device: string | undefined } | undefined {
  if (host !== undefined && topic === stateTopic(host)) return { kind: 'state' };
  if (topic === topicOf(name, 'NCMD')) return { kind: 'command', device: undefined };
  const devices = topicOf(name, 'DCMD', '');
  return topic.startsWith(devices) ? { kind: 'command', device: topic.slice(devices.length) } : undefined;
}

/** Longer texts are no state of a host. */
const maxStateBytes = 1_024;

/** What a host says of itself: `{"online": true, "timestamp": ms}`; undefined when it is anything else. */
export function readHostState(bytes: Buffer): { readonly online: boolean; readonly timeMs: number } | undefined {
  if (bytes.length > maxStateBytes) return undefined;
  try {
    const { online, timestamp } = JSON.parse(bytes.toString('utf8')) ?? {};
    if (typeof online !== 'boolean' || !Number.isFinite(timestamp)) return undefined;
    return { online, timeMs: timestamp };
  } catch {
    return undefined;
  }
}
