import type { ClientSession, DataValue, ReadValueIdOptions } from 'node-opcua';
import type { OpcuaStack } from './stack.ts';

/** How much one call to this server may carry. */
export interface ServerLimits {
  readonly nodesPerRead: number;
  readonly itemsPerCall: number;
  readonly nodesPerBrowse: number;
}

/** What we ask at most at once, whatever a server allows: keeps messages and pauses short. */
const own: ServerLimits = { nodesPerRead: 1000, itemsPerCall: 1000, nodesPerBrowse: 200 };

/**
 * Reads any number of values in calls of the size that the server allows, one after the other. Rejects when a call is
 * answered with another number of values than were asked for.
 */
export async function readInParts(
  session: ClientSession,
  asked: readonly ReadValueIdOptions[],
  { nodesPerRead }: Pick<ServerLimits, 'nodesPerRead'>,
): Promise<DataValue[]> {
  const answers: DataValue[] = [];
  for (let from = 0; from < asked.length; from += nodesPerRead) {
    const part = asked.slice(from, from + nodesPerRead);
    const values = await session.read(part);
    if (values.length !== part.length) throw new Error(`${values.length} values came for ${part.length} nodes`);
    answers.push(...values);
  }
  return answers;
}

/** Reads the operation limits (Part 5, 6.3.11); 0 or nothing there means that the server sets none. */
export async function readLimits(stack: OpcuaStack, session: ClientSession): Promise<ServerLimits> {
  const { VariableIds, AttributeIds } = stack;
  const prefix = 'Server_ServerCapabilities_OperationLimits_MaxNodesPer' as const;
  const wanted = {
    nodesPerRead: VariableIds[`${prefix}Read`],
    nodesPerBrowse: VariableIds[`${prefix}Browse`],
    itemsPerCall: VariableIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
  };
  const limits = { ...own };
  // one node a call: a limit of one would refuse more
  for (const [name, id] of Object.entries(wanted) as [keyof ServerLimits, number][]) {
    const data = await session.read({ nodeId: `i=${id}`, attributeId: AttributeIds.Value });
    const value: unknown = data.statusCode.isGood() ? data.value.value : 0;
    if (typeof value === 'number' && value > 0) Object.assign(limits, { [name]: Math.min(own[name], value) });
  }
  return limits;
}
