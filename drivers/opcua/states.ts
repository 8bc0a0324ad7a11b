import type { ClientSession, DataValue } from 'node-opcua';
import { readInParts, type ServerLimits } from './limits.ts';
import type { OpcuaStack } from './stack.ts';
import { localText } from './text.ts';
import { numberOf } from './value.ts';

/** Names of the states of an enumeration, by their number. */
export type States = Readonly<Record<number, string>>;

/** Types that only group others, and have no states of their own: Number, Integer, UInteger, Enumeration (Part 5, 12). */
const abstract = new Set([26, 27, 28, 29]);
const lastBuiltIn = 25;

/**
 * Names of states from the properties of a variable or a data type: EnumStrings, EnumValues (Part 3, 5.8.3), or
 * FalseState and TrueState (Part 8, 5.3.3.2); undefined when it has none of them.
 */
export function statesFromProperties(property: (name: string) => unknown): States | undefined {
  const strings = property('EnumStrings');
  if (Array.isArray(strings)) return namesOf(strings.map((text, number) => [number, localText(text)]));
  const values = property('EnumValues');
  if (Array.isArray(values)) {
    const entries = values as readonly { readonly value?: unknown; readonly displayName?: unknown }[];
    return namesOf(entries.map(({ value, displayName }) => [numberOf(value, true), localText(displayName)]));
  }
  const [no, yes] = [localText(property('FalseState')), localText(property('TrueState'))];
  return no === '' && yes === ''
    ? undefined
    : namesOf([
        [0, no],
        [1, yes],
      ]);
}

/**
 * Names of the states of data types, by node id: from EnumDefinition (Part 3, 8.50), else from the type's properties.
 * Types without states, and those the server does not tell of, are left out.
 */
export async function statesOfTypes(
  stack: OpcuaStack,
  session: ClientSession,
  dataTypes: Iterable<string>,
  limits: ServerLimits,
): Promise<ReadonlyMap<string, States>> {
  const types = [...new Set(dataTypes)].filter((id) => !isPlain(id));
  const attributeId = stack.AttributeIds.DataTypeDefinition;
  const definitions = await readInParts(
    session,
    types.map((nodeId) => ({ nodeId, attributeId })),
    limits,
  );
  const found = new Map<string, States>();
  const silent: string[] = [];
  for (const [index, id] of types.entries()) {
    const states = fromDefinition(definitions[index]);
    if (states) found.set(id, states);
    else silent.push(id);
  }
  for (const [id, states] of await statesOfNodes(stack, session, silent, limits)) found.set(id, states);
  return found;
}

/** Names of states that nodes carry in properties of their own, by node id. */
export async function statesOfNodes(
  stack: OpcuaStack,
  session: ClientSession,
  nodes: readonly string[],
  limits: ServerLimits,
): Promise<ReadonlyMap<string, States>> {
  const found = new Map<string, States>();
  for (let from = 0; from < nodes.length; from += limits.nodesPerBrowse) {
    const part = nodes.slice(from, from + limits.nodesPerBrowse);
    const results = await stack.browseAll(
      session,
      part.map((nodeId) => propertiesOf(stack, nodeId)),
    );
    const properties = results.flatMap(({ references }, index) =>
      (references ?? []).map(({ browseName, nodeId }) => ({ owner: part[index], name: browseName.name, nodeId })),
    );
    const told = properties.filter(({ name }) => stateProperties.has(name ?? ''));
    const attributeId = stack.AttributeIds.Value;
    const values = await readInParts(
      session,
      told.map(({ nodeId }) => ({ nodeId, attributeId })),
      limits,
    );
    for (const node of part) {
      const states = statesFromProperties((name) => {
        const at = told.findIndex((one) => one.owner === node && one.name === name);
        return values[at]?.value.value;
      });
      if (states) found.set(node, states);
    }
  }
  return found;
}

const stateProperties = new Set(['EnumStrings', 'EnumValues', 'FalseState', 'TrueState']);

function propertiesOf(stack: OpcuaStack, nodeId: string) {
  return {
    nodeId,
    browseDirection: stack.BrowseDirection.Forward,
    referenceTypeId: stack.resolveNodeId('HasProperty'),
    includeSubtypes: true,
    nodeClassMask: stack.NodeClassMask.Variable,
    resultMask: 63,
  };
}

/** A field of an EnumDefinition; those of a StructureDefinition have no value. */
interface EnumField {
  readonly value?: unknown;
  readonly name?: string | null;
  readonly displayName?: unknown;
}

function fromDefinition(data: DataValue | undefined): States | undefined {
  const definition = data?.statusCode.isGood() ? (data.value.value as { fields?: readonly EnumField[] | null }) : null;
  const fields = (definition?.fields ?? []).filter(({ value }) => value !== undefined);
  const nameOf = ({ displayName, name }: EnumField) => localText(displayName) || (name ?? '');
  return namesOf(fields.map((field) => [numberOf(field.value, true), nameOf(field)]));
}

/** Built-in and abstract types of namespace 0. */
function isPlain(id: string): boolean {
  const number = Number(/^(?:ns=0;)?i=(\d+)$/.exec(id)?.[1] ?? Number.NaN);
  return number <= lastBuiltIn || abstract.has(number);
}

function namesOf(entries: readonly (readonly [number, string])[]): States | undefined {
  const named = entries.filter(([number, name]) => Number.isInteger(number) && name !== '');
  return named.length === 0 ? undefined : Object.fromEntries(named);
}
