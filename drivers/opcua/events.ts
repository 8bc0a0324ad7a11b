import type { ClientSession, Variant } from 'node-opcua';
import { asText } from '../../edge/core/text.ts';
import { opcuaErrors } from './errors.ts';
import type { OpcuaStack } from './stack.ts';

/** An event of a server; of a condition the state too. */
export interface ServerEvent {
  /** ISO 8601; null where the server gave none. */
  readonly time: string | null;
  readonly source: string;
  /** Name of the condition; empty for events that are none. */
  readonly condition: string;
  readonly message: string;
  /** 1..1000. */
  readonly severity: number;
  /** Null for events without such a state. */
  readonly active: boolean | null;
  readonly acknowledged: boolean | null;
}

const fields = [
  ...['EventType', 'Time', 'SourceName', 'ConditionName', 'Message', 'Severity'],
  ...['ActiveState.Id', 'AckedState.Id'],
];
/** RefreshStart, RefreshEnd, RefreshRequired (Part 9, 5.11) tell nothing of the plant. */
const refreshTypes = new Set(['ns=0;i=2787', 'ns=0;i=2788', 'ns=0;i=2789']);
const publishingMs = 500;
const queueSize = 1000;

/**
 * Hears the events of the whole server, those of conditions that stand now first. Rejects with SUBSCRIBE when the
 * server has none to give. Ends with the session.
 */
export async function hearEvents(
  stack: OpcuaStack,
  session: ClientSession,
  heard: (event: ServerEvent) => void,
): Promise<void> {
  const options = { requestedPublishingInterval: publishingMs, publishingEnabled: true };
  const subscription = await session.createSubscription2(options);
  const item = await subscription.monitor(
    { nodeId: stack.resolveNodeId('Server'), attributeId: stack.AttributeIds.EventNotifier },
    { samplingInterval: 0, queueSize, discardOldest: true, filter: stack.constructEventFilter(fields) },
    stack.TimestampsToReturn.Neither,
  );
  if (!item.statusCode.isGood()) {
    throw opcuaErrors.create('SUBSCRIBE', asText(`the server gives no events (${item.statusCode.name})`));
  }
  item.on('changed', (values: unknown) => {
    const event = eventOf(values as readonly Variant[]);
    if (event) heard(event);
  });
  // servers without conditions refuse this: there is nothing to refresh then
  await session.call({
    objectId: stack.resolveNodeId('ConditionType'),
    methodId: stack.resolveNodeId('ConditionType_ConditionRefresh'),
    inputArguments: [{ dataType: stack.DataType.UInt32, value: subscription.subscriptionId }],
  });
}

function eventOf(values: readonly Variant[]): ServerEvent | undefined {
  const [type, time, source, condition, message, severity, active, acked] = values.map(({ value }): unknown => value);
  if (refreshTypes.has(String(type))) return undefined;
  return {
    time: time instanceof Date ? time.toISOString() : null,
    source: plainName(source),
    condition: plainName(condition),
    message: String((message as { readonly text?: string } | null)?.text ?? ''),
    severity: Number(severity ?? 0),
    active: typeof active === 'boolean' ? active : null,
    acknowledged: typeof acked === 'boolean' ? acked : null,
  };
}

/** A name without the index of its namespace, which some servers put in front. */
const plainName = (name: unknown): string => (typeof name === 'string' ? name.replace(/^\d+:/, '') : '');
