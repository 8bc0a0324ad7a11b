import type { ConsoleHealth } from '../console/api.ts';
import { exposition, expositionType } from '../observability/exposition.ts';
import type { Store } from '../store/api.ts';
import { gatewayMetrics } from './metrics.ts';
import type { GatewayStatus } from './status.ts';

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

  system() {
    const { store, waiting } = this.parts;
    const { damagedRecords, damagedChunks, lostEvents } = store.figures();
    const disk = store.disk();
    return {
      ...{ runtime: `Node.js ${process.versions.node}, ${process.platform} ${process.arch}`, ...used() },
      ...(disk ? { disk: { freeBytes: disk.freeBytes, keepFreeBytes: disk.keepFreeBytes } } : {}),
      ...{ lostEvents, damagedRecords: damagedRecords + damagedChunks, waitingEvents: waiting() },
    };
  }

  metrics(): string {
    if (!this.status) return '';
    const { store, version } = this.parts;
    const { cpuS, memoryBytes } = used();
    return exposition(
      gatewayMetrics({
        ...{ status: this.status(), version, store: store.figures(), disk: store.disk() },
        ...{ cpuS, residentBytes: memoryBytes },
      }),
    );
  }
}

/** What this process has used. */
function used(): { readonly cpuS: number; readonly memoryBytes: number } {
  const { user, system } = process.cpuUsage();
  return { cpuS: (user + system) / 1e6, memoryBytes: process.memoryUsage.rss() };
}
