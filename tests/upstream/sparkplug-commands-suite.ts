import { expect, it } from 'vitest';
import { Watch } from './fixture.ts';
import type { SparkplugHost } from './sparkplug-host.ts';
import type { Plant } from './sparkplug-plant.ts';
import type { WireMetric } from './sparkplug-wire.ts';

export const named = (metrics: readonly WireMetric[], name: string) => metrics.find((metric) => metric.name === name)!;

/** Resolves when `holds` does, looked at often. */
export async function eventually(holds: () => boolean): Promise<void> {
  const watch = new Watch();
  const timer = setInterval(watch.tell, 10);
  await watch.until(holds);
  clearInterval(timer);
}

/** What the sink makes of commands from a host. */
export function sparkplugCommandSuite(scene: () => Promise<{ plant: Plant; host: SparkplugHost }>): void {
  it('36 tck-id-operational-behavior-data-commands-dcmd-metric-value, -ncmd-: compatible values only', async () => {
    const { plant: day, host } = await scene();
    await day.sink.start();
    const { metrics } = (await host.until('DBIRTH', 'ps-3', 1)).payload;
    const alias = (name: string) => named(metrics, name).alias!;
    const now = Date.now();
    await host.command('ps-3', now, { alias: alias('flow'), float: 8.5 }, { name: 'run', datatype: 11, boolean: true });
    await host.command(
      'ps-3',
      now,
      { alias: alias('balance'), datatype: 3, int: -7 >>> 0 },
      { name: 'total', long: -9n },
    );
    await eventually(() => day.orders.length === 4);
    expect(day.orders.map((order) => (order.kind === 'write' ? [order.tag, order.value] : []))).toEqual([
      ['ps-3/flow', 8.5],
      ['ps-3/run', 1],
      ['ps-3/balance', -7],
      ['ps-3/total', -9],
    ]);
    expect(day.orders.every(({ expires }) => expires === now + 30_000)).toBe(true);
    await host.command('ps-3', now, { name: 'firmware', double: 1.5 }, { name: 'firmware', string: '9' });
    await host.command('ps-3', now, { name: 'run', int: 1 }, { name: 'nothing', int: 1 }, { alias: 999, int: 1 });
    await host.command(undefined, now, { alias: alias('flow'), float: 1 });
    await host.raw('ps-3', Buffer.from([0x12, 0xff, 0xff]));
    await host.raw('ps-3', Buffer.alloc(70_000));
    await eventually(() => day.warnings.length === 5 + 4);
    expect(day.orders.length).toBe(4);
    expect(day.warnings.filter((text) => text.startsWith('LL-SPARKPLUG-COMMAND')).length).toBe(5);
  });

  it('a host acknowledges an alarm by a metric that the birth of the node names', async () => {
    const { plant: day, host } = await scene();
    await day.sink.start();
    const { metrics } = (await host.until('NBIRTH', undefined, 1)).payload;
    expect(named(metrics, 'Node Control/Acknowledge')).toMatchObject({ datatype: 12, value: '' });
    await host.until('DBIRTH', 'ps-3', 1);
    const now = Date.now();
    const before = day.warnings.length;
    await host.command(undefined, now, { name: 'Node Control/Acknowledge', string: 'dma-2/burst' });
    await eventually(() => day.orders.length === 1);
    expect(day.orders).toMatchObject([
      { kind: 'acknowledge', alarm: 'dma-2/burst', id: `scada/${now}/dma-2/burst`, expires: now + 30_000 },
    ]);
    await host.command(undefined, now, { name: 'Node Control/Acknowledge', string: '' });
    await host.command('ps-3', now, { name: 'Node Control/Acknowledge', string: 'dma-2/burst' });
    await eventually(() => day.warnings.length >= before + 1 + 2);
    expect(day.orders.length).toBe(1);
  });

  it('a command that comes twice has the same id both times', async () => {
    const { plant: day, host } = await scene();
    await day.sink.start();
    await host.until('DBIRTH', 'ps-3', 1);
    for (const _ of [1, 2]) await host.command('ps-3', 1_700_000_000_000, { name: 'flow', float: 2 });
    await host.command('ps-3', 1_700_000_000_001, { name: 'flow', float: 2 });
    await eventually(() => day.orders.length === 3);
    const [first, second, third] = day.orders.map(({ id }) => id);
    expect([second === first, third === first]).toEqual([true, false]);
  });
}
