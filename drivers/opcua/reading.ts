import type { ClientSession, DataType, DataValue } from 'node-opcua';
import { isBad, Quality, qualityName } from '../../edge/core/quality.ts';
import { both } from '../../edge/core/text.ts';
import { opcuaErrors } from './errors.ts';
import { readInParts } from './limits.ts';
import { parseNode, resolveNode } from './node-address.ts';
import { preferNamed } from './nodes.ts';
import type { OpcuaStack } from './stack.ts';
import { textOf } from './text.ts';
import { attributeOf, numberOf, qualityOfStatus } from './value.ts';

/** A value as people and scripts read it; arrays as arrays, what JSON has no word for as text. */
export type PlainValue = number | string | boolean | null | readonly PlainValue[];

/** One value read now. */
export interface Reading {
  readonly node: string;
  /** Null when the quality is bad. */
  readonly value: PlainValue;
  /** Data type of OPC UA, such as Float; an array is marked by `[]`. */
  readonly type: string | null;
  readonly quality: string;
  /** The server's status code by name. */
  readonly status: string;
  /** ISO 8601; null where the server gave none. */
  readonly sourceTime: string | null;
}

/** Of bytes and structures only so much is shown. */
const shownLength = 200;

/** What a server answered, in plain words. */
export function readingOf(stack: OpcuaStack, node: string, data: DataValue): Reading {
  const { dataType, arrayType, value } = data.value;
  const isArray = arrayType !== stack.VariantArrayType.Scalar;
  const name = dataType === stack.DataType.Null ? null : String(stack.DataType[dataType]);
  const quality = qualityOfStatus(data.statusCode.value);
  const plain = (one: unknown) => plainValue(stack, dataType, one);
  const usable = isArray && value ? Array.from(value as ArrayLike<unknown>, plain) : plain(value);
  return {
    node,
    value: isBad(quality) || value === null || value === undefined ? null : usable,
    type: name === null ? null : `${name}${isArray ? '[]' : ''}`,
    quality: qualityName(quality),
    status: data.statusCode.name,
    sourceTime: data.sourceTimestamp?.toISOString() ?? null,
  };
}

function plainValue(stack: OpcuaStack, dataType: DataType, value: unknown): PlainValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  const text = textOf(stack, dataType, value);
  if (text !== undefined) return text;
  const number = numberOf(value, dataType === stack.DataType.Int64);
  return Number.isFinite(number) ? number : String(value).slice(0, shownLength);
}

/** A node as written on a command line, and where the server has it. */
export interface LocatedNode {
  readonly written: string;
  /** With the server's present namespace index. */
  readonly node: string;
  readonly element: number | undefined;
}

/** Finds nodes on the server; undefined for those whose namespace it does not have. Rejects with POINT for what is no node id. */
export async function locateNodes(
  stack: OpcuaStack,
  session: ClientSession,
  nodes: readonly string[],
  nodesPerRead: number,
): Promise<readonly (LocatedNode | undefined)[]> {
  const addresses = nodes.map((node) => {
    const address = parseNode(node);
    if (!address) throw opcuaErrors.create('POINT', both(`"${node}" is no node id`, `“${node}”不是节点标识`));
    return address;
  });
  const named = addresses.some(({ namespace }) => namespace !== undefined);
  const uris = named ? await session.readNamespaceArray() : [];
  const located = addresses.map((address, index) => {
    const node = resolveNode(address, uris);
    return node === undefined ? undefined : { written: nodes[index] ?? '', node, element: address.element };
  });
  const known = located.filter((one) => one !== undefined);
  const preferred = (await preferNamed(stack, session, known, nodesPerRead)).values();
  return located.map((one) => one && preferred.next().value);
}

/**
 * Reads nodes as they are written on a command line, in the order given. A node the server does not have is bad for
 * reason of configuration; rejects with POINT for what is no node id.
 */
export async function readNodes(
  stack: OpcuaStack,
  session: ClientSession,
  nodes: readonly string[],
  nodesPerRead: number,
): Promise<readonly Reading[]> {
  const located = await locateNodes(stack, session, nodes, nodesPerRead);
  const known = located.filter((one) => one !== undefined);
  const answers = (await readLocated(stack, session, known, nodesPerRead)).values();
  return located.map((one, index) => (one && answers.next().value) ?? unknownNamespace(nodes[index] ?? ''));
}

/** What the nodes hold now. */
export async function readLocated(
  stack: OpcuaStack,
  session: ClientSession,
  located: readonly LocatedNode[],
  nodesPerRead: number,
): Promise<readonly Reading[]> {
  const asked = located.map((one) => attributeOf(stack, one));
  const answers = await readInParts(session, asked, { nodesPerRead });
  return located.flatMap(({ written, element }, index) => {
    const data = answers[index];
    if (!data) return [];
    const reading = readingOf(stack, written, data);
    return [element === undefined ? reading : single(reading)];
  });
}

/** An index range of one is answered by an array of one. */
function single(reading: Reading): Reading {
  const value = Array.isArray(reading.value) ? (reading.value[0] ?? null) : reading.value;
  return { ...reading, value, type: reading.type?.replace('[]', '') ?? null };
}

const unknownNamespace = (node: string): Reading => ({
  ...{ node, value: null, type: null, sourceTime: null },
  quality: qualityName(Quality.config),
  status: 'BadNodeIdUnknown',
});
