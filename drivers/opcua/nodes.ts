import type { ClientSession } from 'node-opcua';
import type { DevicePoint } from '../api.ts';
import { readInParts } from './limits.ts';
import { parseNode, resolveNode } from './node-address.ts';
import type { Refusal } from './refusals.ts';
import type { OpcuaStack } from './stack.ts';

/** A point and where the server has it now. */
export interface Place {
  readonly point: DevicePoint;
  /** Node id with the server's present namespace index. */
  readonly node: string;
  /** Element of an array, from 0. */
  readonly element: number | undefined;
}

/**
 * Finds every point on this server: `nsu=<uri>;` becomes the index the namespace has now, and `[n]` the element of an
 * array, unless the server has a node of just that name (some name their elements so).
 */
export async function findPlaces(
  stack: OpcuaStack,
  session: ClientSession,
  points: readonly DevicePoint[],
  nodesPerRead: number,
): Promise<{ readonly places: readonly Place[]; readonly missing: readonly Refusal[] }> {
  const parsed = points.map((point) => ({ point, address: parseNode(point.node) }));
  const named = parsed.some(({ address }) => address?.namespace !== undefined);
  const uris = named ? await session.readNamespaceArray() : [];
  const places: Place[] = [];
  const missing: Refusal[] = [];
  for (const { point, address } of parsed) {
    const node = address && resolveNode(address, uris);
    if (address && node !== undefined) places.push({ point, node, element: address.element });
    else missing.push({ point, why: address ? `no namespace "${address.namespace}"` : 'not a node id' });
  }
  return { places: await preferNamed(stack, session, places, nodesPerRead), missing };
}

/** Places, with those of which the server has a node by the very name, brackets and all, turned to that node. */
export async function preferNamed<Where extends Pick<Place, 'node' | 'element'>>(
  stack: OpcuaStack,
  session: ClientSession,
  places: readonly Where[],
  nodesPerRead: number,
): Promise<readonly Where[]> {
  const literal = (place: Where) => `${place.node}[${place.element}]`;
  const doubtful = places.filter(({ node, element }) => element !== undefined && /(^|;)s=/.test(node));
  const attributeId = stack.AttributeIds.NodeClass;
  const asked = doubtful.map((place) => ({ nodeId: literal(place), attributeId }));
  const classes = await readInParts(session, asked, { nodesPerRead });
  const exists = new Set(doubtful.filter((_, index) => classes[index]?.statusCode.isGood()));
  return places.map((place) => (exists.has(place) ? { ...place, node: literal(place), element: undefined } : place));
}
