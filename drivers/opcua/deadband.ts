import type {
  ClientMonitoredItemBase,
  ClientSession,
  ClientSessionRawSubscriptionService,
  DataChangeFilter,
  ModifyMonitoredItemsResponse,
} from 'node-opcua';
import { describeError } from '../../edge/core/errors.ts';
import type { DevicePoint } from '../api.ts';
import type { Place } from './nodes.ts';
import type { Refusal } from './refusals.ts';
import type { OpcuaStack } from './stack.ts';

/** How items were created; a modification repeats it. */
export interface ItemSettings {
  readonly samplingInterval: number;
  readonly queueSize: number;
  readonly discardOldest: boolean;
}

interface Filtered {
  readonly item: ClientMonitoredItemBase;
  readonly point: DevicePoint;
  readonly filter: DataChangeFilter | null;
}

/**
 * Asks the server to hold back changes within the deadband of each point, in one call: a DataChangeFilter with an
 * absolute deadband (Part 4, 7.22.2). Returns the points for which it will not; they go on with every change.
 */
export async function holdBack(
  stack: OpcuaStack,
  session: ClientSession,
  subscriptionId: number,
  items: readonly ClientMonitoredItemBase[],
  places: readonly Place[],
  settings: ItemSettings,
): Promise<readonly Refusal[]> {
  const wanted = places.flatMap(({ point }, index) => {
    const item = items[index];
    const filter = absolute(stack, point.deadband ?? 0);
    return item && filter && item.statusCode.value === 0 ? [{ item, point, filter }] : [];
  });
  const modify = (changes: readonly Filtered[]) => modifyFilters(stack, session, subscriptionId, changes, settings);
  const refused = await modify(wanted);
  // some servers refuse a filter and use it all the same: a truth value would never be heard of again
  await modify(refused.map(({ change }) => ({ ...change, filter: null })));
  return refused.map(({ change, why }) => ({ point: change.point, why }));
}

function absolute(stack: OpcuaStack, deadbandValue: number): DataChangeFilter | undefined {
  if (deadbandValue <= 0) return undefined;
  const [trigger, deadbandType] = [stack.DataChangeTrigger.StatusValue, stack.DeadbandType.Absolute];
  return new stack.DataChangeFilter({ trigger, deadbandType, deadbandValue });
}

/** Gives items other filters; which of them the server refuses, and by what status. */
async function modifyFilters(
  stack: OpcuaStack,
  session: ClientSession,
  subscriptionId: number,
  changes: readonly Filtered[],
  settings: ItemSettings,
): Promise<readonly { readonly change: Filtered; readonly why: string }[]> {
  if (changes.length === 0) return [];
  const itemsToModify = changes.map(({ item, filter }) => ({
    monitoredItemId: item.monitoredItemId ?? 0,
    requestedParameters: { ...settings, clientHandle: item.monitoringParameters.clientHandle, filter },
  }));
  const request = { subscriptionId, timestampsToReturn: stack.TimestampsToReturn.Both, itemsToModify };
  // the session has this service, though its type does not say so
  const service = session as ClientSession & ClientSessionRawSubscriptionService;
  const answer = await new Promise<ModifyMonitoredItemsResponse | string>((resolve) => {
    service.modifyMonitoredItems(request, (error, response) => resolve(response ?? describeError(error)));
  });
  return changes.flatMap((change, index) => {
    const status = typeof answer === 'string' ? undefined : answer.results?.[index]?.statusCode;
    if (status?.isGood()) return [];
    return [{ change, why: typeof answer === 'string' ? answer : (status?.name ?? 'no answer') }];
  });
}
