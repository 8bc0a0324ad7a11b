import { isDeepStrictEqual } from 'node:util';
import type { ClientSession, DataType, Variant } from 'node-opcua';
import { asText } from '../../edge/core/text.ts';
import { encodeText, variantOf } from './conversion.ts';
import { opcuaErrors, stackText } from './errors.ts';
import { readInParts, type ServerLimits } from './limits.ts';
import { type LocatedNode, locateNodes, type PlainValue, type Reading, readingOf, readLocated } from './reading.ts';
import type { OpcuaStack } from './stack.ts';
import { type States, statesOfNodes, statesOfTypes } from './states.ts';
import { attributeOf } from './value.ts';

/** A node that is about to be written: where it is, what it takes and what it holds. */
export interface WriteTarget extends LocatedNode {
  /** Built-in type that values of it have on the wire. */
  readonly dataType: DataType;
  /** Data type by name, such as Int16. */
  readonly type: string;
  readonly states: States | undefined;
  readonly before: Reading;
}

/** Finds a node that can be written alone; rejects with NODE when it is not there, or is an array of which no element is named. */
export async function findTarget(
  stack: OpcuaStack,
  session: ClientSession,
  written: string,
  limits: ServerLimits,
): Promise<WriteTarget> {
  const [located] = await locateNodes(stack, session, [written], limits.nodesPerRead);
  if (!located) throw opcuaErrors.create('NODE', asText(`${written}: the server has no such namespace`));
  const { node, element } = located;
  const { DataType: dataTypeAttribute, ValueRank } = stack.AttributeIds;
  const asked = [dataTypeAttribute, ValueRank].map((attributeId) => ({ nodeId: node, attributeId }));
  const [typed, ranked] = await readInParts(session, asked, limits);
  if (!typed?.statusCode.isGood()) {
    throw opcuaErrors.create('NODE', asText(`${written} is no variable of the server (${typed?.statusCode.name})`));
  }
  const isArray = Number(ranked?.value.value ?? -1) >= 0;
  if (isArray && element === undefined) {
    throw opcuaErrors.create('NODE', asText(`${written} is an array; name one element of it, such as ${written}[0]`));
  }
  const dataType = await (session.getBuiltInDataType(stack.resolveNodeId(node)) as Promise<DataType>);
  const own = await statesOfNodes(stack, session, [node], limits);
  const typeId = String(typed.value.value);
  const states = own.get(node) ?? (await statesOfTypes(stack, session, [typeId], limits)).get(typeId);
  const [before] = await readLocated(stack, session, [located], limits.nodesPerRead);
  if (!before) throw opcuaErrors.create('NODE', asText(`${written} gives no answer when read`));
  return { ...located, dataType, type: String(stack.DataType[dataType]), states, before };
}

/** What a person wrote, as the value that goes over the wire; throws WRITE when the node's type cannot hold it. */
export function valueFor(
  stack: OpcuaStack,
  { written, dataType, states, element }: WriteTarget,
  text: string,
): Variant {
  try {
    return variantOf(stack, dataType, encodeText(stack, dataType, text, states), element);
  } catch (cause) {
    throw opcuaErrors.create('WRITE', asText(`${written}: ${stackText(cause)}`), cause);
  }
}

/** Writes it; rejects with WRITE when the server refuses, by the name of its status. Resolves with whether an answer came. */
export async function writeTarget(
  stack: OpcuaStack,
  session: ClientSession,
  target: WriteTarget,
  value: Variant,
): Promise<boolean> {
  const status = await session
    .write({ ...attributeOf(stack, target), value: new stack.DataValue({ value }) })
    .catch(() => undefined);
  if (status && !status.isGood()) {
    throw opcuaErrors.create('WRITE', asText(`${target.written}: the server refuses the value (${status.name})`));
  }
  return status !== undefined;
}

/** A value as it reads back when it was taken. */
export function plainOf(stack: OpcuaStack, { written, element }: WriteTarget, value: Variant): PlainValue {
  const reading = readingOf(stack, written, new stack.DataValue({ value }));
  return element !== undefined && Array.isArray(reading.value) ? (reading.value[0] ?? null) : reading.value;
}

/** Whether a node shows the value. */
export const shows = (reading: Reading, value: PlainValue): boolean => isDeepStrictEqual(reading.value, value);
