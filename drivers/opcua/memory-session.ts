import { both } from '../../edge/core/text.ts';
import type { DeviceDefinition, DriverHost, DriverSession, MemoryServer, SessionEvents } from '../api.ts';
import { NotificationCollector } from './collector.ts';
import { opcuaErrors } from './errors.ts';
import { GapReport } from './gaps.ts';
import { MisfitReport } from './misfits.ts';
import { parseNode } from './node-address.ts';
import type { Place } from './nodes.ts';
import { describePoints } from './refusals.ts';
import type { OpcuaStack } from './stack.ts';

/**
 * A session with a server in memory. The stack keeps real time, so in virtual time nothing of it runs: values enter at the
 * handler of its notifications, and take the same way from there on. Nothing is polled or written.
 * Rejects with `LL-OPCUA-CONNECT` while the server serves nobody.
 */
export async function openInMemory(
  stack: OpcuaStack,
  device: DeviceDefinition,
  events: SessionEvents,
  host: DriverHost,
  server: MemoryServer,
): Promise<DriverSession> {
  const target = `${device.id} (${device.endpoint})`;
  const gaps = new GapReport(device.id, target, host);
  const misfits = new MisfitReport((points) => {
    const { code, next, message } = describePoints('TYPE', target, points);
    host.log.warn({ code, device: device.id, next }, message);
  });
  const collector = new NotificationCollector({ device: device.id, clock: host.clock, gaps, misfits }, (batch) => {
    if (stop) events.batch(batch);
  });
  const places = device.points.map(
    (point): Place => ({ point, node: point.node, element: parseNode(point.node)?.element }),
  );
  const arrayType = stack.VariantArrayType.Scalar;
  let stop = server.watch(
    device.points,
    (place, { statusCode, dataType, value, sourceTimeMs }) =>
      collector.take(stack, places[place] as Place, {
        statusCode: { value: statusCode },
        value: { dataType, arrayType, value },
        sourceTimestamp: new Date(sourceTimeMs),
      }),
    () => {
      stop = undefined;
      events.lost(
        opcuaErrors.create('LOST', both(`link to ${target}: the connection broke`, `${target} 的连接：连接中断`)),
      );
    },
  );
  if (!stop)
    throw opcuaErrors.create(
      'CONNECT',
      both(`connect to ${target}: it serves nobody now`, `连接 ${target}：当前不提供服务`),
    );
  return {
    polls: [],
    async close() {
      stop?.();
      stop = undefined;
    },
  };
}
