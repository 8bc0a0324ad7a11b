import opcua, { type OPCUAServer } from 'node-opcua';
import { expect, test } from 'vitest';
import { browse } from '../../drivers/opcua/browse.ts';
import { findTarget } from '../../drivers/opcua/node-write.ts';
import { readNodes } from '../../drivers/opcua/reading.ts';
import { addEnumerations } from './opcua-enumerations.ts';
import { device, freePort, node, serverOn, sessionOn, watch } from './opcua-server.ts';

/** The requests that a server gets, by the name of their service. */
function requestsTo(server: OPCUAServer) {
  const requests: { readonly name: string; readonly body: Record<string, unknown> }[] = [];
  server.on('request', (request: object) => {
    requests.push({ name: request.constructor.name, body: request as Record<string, unknown> });
  });
  const bodies = (name: string) => requests.filter((request) => request.name === name).map(({ body }) => body);
  /** How many operations each request of a service carried. */
  const sizes = (name: string, list: string) => bodies(name).map((body) => (body[list] as unknown[]).length);
  return { bodies, sizes };
}

const names = Array.from({ length: 12 }, (_, index) => `p${index}`);

async function limitedServer(operationLimits: object) {
  const made = await serverOn(await freePort(), { serverCapabilities: { operationLimits } });
  for (const [index, name] of names.entries()) made.add(name, 'Double', index);
  return made;
}

test('no request carries more than the server says it takes in one call', async () => {
  const made = await limitedServer({ maxNodesPerRead: 5, maxMonitoredItemsPerCall: 4, maxNodesPerBrowse: 3 });
  addEnumerations(made.server);
  const { sizes } = requestsTo(made.server);
  const points = names.map((name, tag) => ({ ...node(tag, name), deadband: 0.5 }));
  const subscribed = await watch(device(made.endpoint, points, { serverDeadband: true }));
  await subscribed.until(() => subscribed.newest.size === names.length);
  const polled = await watch(device(made.endpoint, points, { subscribe: false }));
  expect([...(await polled.session.polls[0]!.read()).values]).toEqual(names.map((_, index) => index));
  const { session, limits } = await sessionOn(made.endpoint);
  const { nodes } = await browse(opcua, session, 'i=85', 5, limits);
  expect(nodes.map(({ path }) => path.at(-1))).toEqual(expect.arrayContaining(names));
  const target = await findTarget(opcua, session, 'ns=1;s=p3', limits);
  expect(target).toMatchObject({ type: 'Double', before: { value: 3 } });
  await readNodes(
    opcua,
    session,
    names.map((name) => `ns=1;s=${name}`),
    limits.nodesPerRead,
  );

  expect(sizes('CreateMonitoredItemsRequest', 'itemsToCreate')).toEqual([4, 4, 4]);
  expect(sizes('ModifyMonitoredItemsRequest', 'itemsToModify')).toEqual([4, 4, 4]);
  expect(Math.max(...sizes('ReadRequest', 'nodesToRead'))).toBe(5);
  expect(Math.max(...sizes('BrowseRequest', 'nodesToBrowse'))).toBe(3);
});

test('a server that takes one node a call is subscribed, polled and written to', async () => {
  const made = await limitedServer({ maxNodesPerRead: 1, maxMonitoredItemsPerCall: 1, maxNodesPerBrowse: 1 });
  const { sizes } = requestsTo(made.server);
  const seen = await watch(
    device(
      made.endpoint,
      names.map((name, tag) => node(tag, name)),
    ),
  );
  await seen.until(() => seen.newest.size === names.length);
  expect(await seen.session.write!(node(3, 'p3'), 33)).toEqual({ kind: 'done' });
  expect(await seen.session.readBack!(node(3, 'p3'))).toBe(33);
  const polled = await watch(device(made.endpoint, [node(0, 'p0'), node(1, 'pair[1]')], { subscribe: false }));
  expect([...(await polled.session.polls[0]!.read()).values]).toEqual([0, 5]);
  expect(new Set(sizes('ReadRequest', 'nodesToRead'))).toEqual(new Set([1]));
});

test('points are subscribed by their period, each with its sampling interval and the queue that is configured', async () => {
  const made = await limitedServer({});
  const { bodies } = requestsTo(made.server);
  const periods = [200, 500, 5000];
  const points = names.map((name, tag) => ({ ...node(tag, name), periodMs: periods[tag % 3]! }));
  const seen = await watch(device(made.endpoint, points, { queueSize: 7 }));
  await seen.until(() => seen.newest.size === names.length);
  const intervals = bodies('CreateSubscriptionRequest').map(
    ({ requestedPublishingInterval }) => requestedPublishingInterval,
  );
  // slow points are published each second all the same: their first value should not take five
  expect(intervals).toEqual([200, 500, 1000]);
  const items = bodies('CreateMonitoredItemsRequest').map(({ itemsToCreate }) =>
    (itemsToCreate as opcua.MonitoredItemCreateRequest[]).map(({ requestedParameters: asked }) => [
      asked.samplingInterval,
      asked.queueSize,
    ]),
  );
  expect(items).toEqual(periods.map((periodMs) => Array.from({ length: 4 }, () => [periodMs, 7])));
});
