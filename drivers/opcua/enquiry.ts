import type { ClientSession } from 'node-opcua';
import { type EnquiryAnswer, maxNodesTold, type NodeEnquiry } from '../../edge/core/enquiry.ts';
import { errorWithin, LifelineError } from '../../edge/core/errors.ts';
import { both } from '../../edge/core/text.ts';
import { type BrowsedNode, browse } from './browse.ts';
import { opcuaErrors } from './errors.ts';
import type { ServerLimits } from './limits.ts';
import type { OpcuaStack } from './stack.ts';

/** Arrays and texts are told up to here. */
const maxCharacters = 200;

/** What a server has right below a node. Rejects with NODE where it has no such node. */
export async function askNodes(
  stack: OpcuaStack,
  session: ClientSession,
  limits: ServerLimits,
  { node }: NodeEnquiry,
): Promise<EnquiryAnswer> {
  try {
    const { nodes, cut } = await browse(stack, session, node, 1, limits, maxNodesTold);
    return { kind: 'nodes', nodes: nodes.map(told), cut };
  } catch (error) {
    if (error instanceof LifelineError) throw error;
    const why = errorWithin(error);
    throw opcuaErrors.create('LOST', both(`browse ${node}: ${why.en}`, `浏览 ${node}：${why.zh}`), error);
  }
}

const told = ({ node, path, class: kind, reading, unit, writable, description }: BrowsedNode) => ({
  ...{ node, name: path.at(-1) ?? node, class: kind, unit, writable, description },
  type: reading?.type ?? '',
  value: reading?.value === undefined || reading.value === null ? '' : textOf(reading.value),
  quality: reading?.quality ?? '',
});

const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, maxCharacters);
