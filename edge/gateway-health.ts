import type { ConsoleHealth } from './console/api.ts';
import { gatewayMetrics } from './gateway-metrics.ts';
import type { GatewayStatus } from './gateway-status.ts';
import { exposition, expositionType } from './observability/exposition.ts';
import type { Store } from './store/api.ts';

interface HealthParts {
  readonly store: Pick<Store, 'figures' | 'disk'>;
  readonly version: string;
  /** Events that a journal refuses for the time being. */
  readonly waiting: () => number;
}

/** What a gateway says of itself to machines that look after it. */
export class GatewayHealth implements ConsoleHealth {
  readonly metricsType = expositionType;
  /** Given once it has started, taken away when it stops. */
  status: (() => GatewayStatus) | undefined;
  private readonly parts: HealthParts;

  constructor(parts: HealthParts) {
    this.parts = parts;
  }

  waits(): readonly string[] {
    return [...(this.status ? [] : ['start']), ...(this.parts.waiting() > 0 ? ['journal'] : [])];
  }

  metrics(): string {
    if (!this.status) return '';
    const { store, version } = this.parts;
    const { user, system } = process.cpuUsage();
    return exposition(
      gatewayMetrics({
        ...{ status: this.status(), version, store: store.figures(), disk: store.disk() },
        ...{ cpuS: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() },
      }),
    );
  }
}
