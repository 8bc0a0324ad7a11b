import type { ConsoleSource } from './api.ts';
import { type ConsoleRoute, route } from './route.ts';
import type { SystemView } from './wire.ts';

/** The routes about the gateway itself: whether it lives, whether it does its work, and its figures. */
export function healthRoutes({ health, description }: ConsoleSource): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'GET', path: '/health/live', policy: 'open' },
      summary: 'Answers as long as the gateway can answer at all',
      answer: () => ({ status: 'live' }),
    }),
    route({
      ...{ method: 'GET', path: '/health/ready', policy: 'open' },
      summary: 'Whether it has started and its journal takes events; 503 with what it waits for where not',
      answer({ reply }) {
        const waits = health.waits();
        if (waits.length > 0) reply.code(503);
        return { status: waits.length > 0 ? 'waiting' : 'ready', waits };
      },
    }),
    route({
      ...{ method: 'GET', path: '/api/system', policy: 'engineer' },
      summary: 'How the gateway itself does: version, memory, disk, what was lost',
      answer: (): SystemView => {
        const { version, startedAt } = description.gateway;
        return { version, startedAt, ...health.system() };
      },
    }),
    route({
      ...{ method: 'GET', path: '/metrics', policy: 'metrics' },
      summary: 'Figures of the gateway itself, as Prometheus reads them',
      answer({ reply }) {
        reply.type(health.metricsType);
        return health.metrics();
      },
    }),
  ];
}
