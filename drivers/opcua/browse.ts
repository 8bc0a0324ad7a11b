import type { ClientSession, ReferenceDescription } from 'node-opcua';
import { asText } from '../../edge/core/text.ts';
import { opcuaErrors } from './errors.ts';
import { readInParts, type ServerLimits } from './limits.ts';
import { parseNode, resolveNode } from './node-address.ts';
import { type Reading, readingOf } from './reading.ts';
import type { OpcuaStack } from './stack.ts';
import { type States, statesFromProperties, statesOfTypes } from './states.ts';

/** A node of the tree, with what its properties say of it. */
export interface BrowsedNode {
  /** Names from the root on. */
  readonly path: readonly string[];
  /** With the namespace's URI, which stays when its index does not. */
  readonly node: string;
  readonly class: string;
  readonly description: string;
  /** Value, type and quality of a variable; undefined for others. */
  readonly reading: Reading | undefined;
  readonly writable: boolean;
  readonly unit: string;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Names of the states of an enumeration by number. */
  readonly states: States | undefined;
}

export interface Browsed {
  /** Depth first, as in a tree. */
  readonly nodes: readonly BrowsedNode[];
  /** Whether the tree ended at the limit of nodes. */
  readonly cut: boolean;
}

/** More nodes than this are not shown: the place to begin is chosen too high. */
export const maxNodes = 20_000;
/** Server, aliases and locations of namespace 0 say nothing of the plant. */
const skipped = new Set(['ns=0;i=2253', 'ns=0;i=23470', 'ns=0;i=31915']);
const writeBit = 2;

interface Found {
  readonly id: string;
  readonly reference: ReferenceDescription;
  readonly children: Found[];
  readonly properties: Found[];
}

/** Walks the tree below `root`, `depth` levels deep, up to `most` nodes. Rejects with NODE when the root is not there. */
export async function browse(
  stack: OpcuaStack,
  session: ClientSession,
  root: string,
  depth: number,
  limits: ServerLimits,
  most = maxNodes,
): Promise<Browsed> {
  const uris = await session.readNamespaceArray();
  const address = parseNode(root);
  const start = address && resolveNode(address, uris);
  if (start === undefined) throw opcuaErrors.create('NODE', asText(`"${root}" is no node of this server`));
  const { top, found, cut } = await walk(stack, session, stack.resolveNodeId(start).toString(), {
    depth,
    limits,
    most,
  });
  const variables = [...found.values()].filter(({ reference }) => reference.nodeClass === stack.NodeClass.Variable);
  const details = await describe(stack, session, variables, limits);
  const nodes: BrowsedNode[] = [];
  const visit = (one: Found, path: readonly string[]) => {
    const own = [...path, one.reference.browseName.name ?? ''];
    nodes.push(nodeOf(stack, one, own, uris, details));
    for (const child of one.children) visit(child, own);
  };
  for (const one of top) visit(one, []);
  return { nodes, cut };
}

interface WalkBounds {
  readonly depth: number;
  readonly limits: ServerLimits;
  readonly most: number;
}

async function walk(stack: OpcuaStack, session: ClientSession, start: string, { depth, limits, most }: WalkBounds) {
  const found = new Map<string, Found>();
  const top: Found[] = [];
  const hasProperty = stack.resolveNodeId('HasProperty').toString();
  let level: { readonly id: string; readonly owner: Found | undefined }[] = [{ id: start, owner: undefined }];
  let cut = false;
  // one level more than asked for, of which only properties count: they belong to the level above
  for (let deep = 0; deep <= depth && level.length > 0; deep++) {
    const next: typeof level = [];
    for (let from = 0; from < level.length; from += limits.nodesPerBrowse) {
      const part = level.slice(from, from + limits.nodesPerBrowse);
      const results = await stack.browseAll(
        session,
        part.map(({ id }) => childrenOf(stack, id)),
      );
      for (const [index, { references, statusCode }] of results.entries()) {
        const { owner, id } = part[index] ?? { owner: undefined, id: '' };
        if (statusCode.isNot(stack.StatusCodes.Good) && owner === undefined) {
          throw opcuaErrors.create('NODE', asText(`browse ${id}: ${statusCode.name}`));
        }
        for (const reference of references ?? []) {
          const child = reference.nodeId.toString();
          if (found.has(child) || skipped.has(child) || skipped.has(`ns=0;${child}`)) continue;
          const property = reference.referenceTypeId.toString() === hasProperty;
          if (deep === depth && !(property && owner)) continue;
          if (found.size >= most) cut = true;
          if (cut) continue;
          const one: Found = { id: child, reference, children: [], properties: [] };
          found.set(child, one);
          (owner ? (property ? owner.properties : owner.children) : top).push(one);
          if (!property) next.push({ id: child, owner: one });
        }
      }
    }
    level = next;
  }
  return { top, found, cut };
}

function childrenOf(stack: OpcuaStack, nodeId: string) {
  return {
    nodeId,
    browseDirection: stack.BrowseDirection.Forward,
    referenceTypeId: stack.resolveNodeId('HierarchicalReferences'),
    includeSubtypes: true,
    nodeClassMask: stack.NodeClassMask.Object | stack.NodeClassMask.Variable,
    resultMask: 63,
  };
}

interface Detail {
  readonly reading: Reading;
  /** The value as the stack gives it: properties are structures. */
  readonly raw: unknown;
  readonly description: string;
  readonly writable: boolean;
  /** Of its data type. */
  readonly states: States | undefined;
}

/** Value, description, access and states of variables, in calls of the size the server allows. */
async function describe(
  stack: OpcuaStack,
  session: ClientSession,
  variables: readonly Found[],
  limits: ServerLimits,
): Promise<ReadonlyMap<string, Detail>> {
  const { Value, Description, UserAccessLevel, DataType } = stack.AttributeIds;
  const attributes = [Value, Description, UserAccessLevel, DataType];
  const asked = variables.flatMap(({ id }) => attributes.map((attributeId) => ({ nodeId: id, attributeId })));
  const answers = await readInParts(session, asked, limits);
  const of = (index: number) => answers.slice(index * attributes.length, (index + 1) * attributes.length);
  const types = variables.map((_, index) => String(of(index)[3]?.value.value ?? 'i=0'));
  const states = await statesOfTypes(stack, session, types, limits);
  const details = new Map<string, Detail>();
  for (const [index, { id }] of variables.entries()) {
    const [value, text, access] = of(index);
    if (!value) continue;
    const description: unknown = text?.value.value?.text;
    details.set(id, {
      reading: readingOf(stack, id, value),
      raw: value.value.value,
      description: typeof description === 'string' ? description : '',
      writable: (Number(access?.value.value ?? 0) & writeBit) !== 0,
      states: states.get(types[index] ?? ''),
    });
  }
  return details;
}

function nodeOf(
  stack: OpcuaStack,
  one: Found,
  path: readonly string[],
  uris: readonly string[],
  details: ReadonlyMap<string, Detail>,
): BrowsedNode {
  const detail = details.get(one.id);
  const property = (name: string): unknown => {
    const found = one.properties.find(({ reference }) => reference.browseName.name === name);
    return found && details.get(found.id)?.raw;
  };
  const range = property('EURange') as { readonly low?: number; readonly high?: number } | null | undefined;
  const unit = property('EngineeringUnits') as { readonly displayName?: { readonly text?: string } } | undefined;
  const node = withUri(one.id, uris);
  return {
    ...{ path, node, class: String(stack.NodeClass[one.reference.nodeClass]) },
    description: detail?.description ?? '',
    reading: detail && { ...detail.reading, node },
    writable: detail?.writable ?? false,
    unit: unit?.displayName?.text ?? '',
    low: range?.low,
    high: range?.high,
    states: statesFromProperties(property) ?? detail?.states,
  };
}

/** `ns=2;s=x` as `nsu=<uri>;s=x`; namespace 0 is the same everywhere. */
function withUri(id: string, uris: readonly string[]): string {
  const match = /^ns=(\d+);(.*)$/s.exec(id);
  const index = Number(match?.[1] ?? 0);
  const uri = uris[index];
  if (!match || index === 0) return id.replace(/^ns=0;/, '');
  return uri === undefined || uri.includes(';') ? id : `nsu=${uri};${match[2]}`;
}
