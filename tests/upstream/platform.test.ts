import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../edge/core/clock.ts';
import { startBroker } from '../../simulator/platform/broker.ts';
import { LatencyHistogram } from '../../simulator/platform/latency.ts';
import { EventLedger } from '../../simulator/platform/ledger.ts';
import { startSubscriber } from '../../simulator/platform/subscriber.ts';
import { Watch } from './fixture.ts';

const main = fileURLToPath(new URL('../../simulator/platform/main.ts', import.meta.url));
const run = (...args: string[]) => spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function firstLine(child: ChildProcess): Promise<{ type: string; port: number }> {
  const [line] = await once(createInterface(child.stdout!), 'line');
  return JSON.parse(line);
}

describe('the broker process', () => {
  it('prints its port, serves clients, and ends within a second of SIGTERM though clients are connected', async () => {
    const child = run('--port', '0');
    const { type, port } = await firstLine(child);
    expect(type).toBe('listening');
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
    client.on('error', () => undefined);
    const killedMs = performance.now();
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(performance.now() - killedMs).toBeLessThan(1_000);
    await client.endAsync(true);
  });

  it('says in code which port is taken, and exits 1', async () => {
    const broker = await startBroker({ port: 0 });
    const child = run('--port', String(broker.port));
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(text).toMatch(new RegExp(`^LL-PLATFORM-PORT-TAKEN start the broker on 127\\.0\\.0\\.1:${broker.port}`));
    await broker.stop();
  });
});

describe('the subscriber', () => {
  it('tells events, duplicates, conflicts, gaps and what it cannot read apart, and goes on after each', async () => {
    const broker = await startBroker({ port: 0 });
    const watch = new Watch();
    const seen: string[] = [];
    const { close, figures } = await startSubscriber({
      ...{ url: broker.url, gateway: 'g', clock: realClock() },
      onEvent: ({ id }) => {
        seen.push(id);
        watch.tell();
      },
    });
    const client = await mqtt.connectAsync(broker.url);
    const send = (payload: string) => client.publishAsync('lifeline/g/events/water/a', payload, { qos: 1 });
    const event = (id: string) => ({
      ...{ specversion: '1.0', id, type: 't', source: 's', time: '2026-01-15T08:00:00Z', subject: 'a' },
      ...{ datacontenttype: 'application/json', data: {} },
    });
    for (const sequence of [5, 6, 6, 9, 8]) await send(JSON.stringify(event(`g/events/e1/${sequence}`)));
    await send(JSON.stringify({ ...event('g/events/e1/9'), subject: 'b' }));
    await send('{"specversion":');
    await send(JSON.stringify({ ...event('g/events/e1/10'), specversion: '0.3' }));
    await send(JSON.stringify(event('g/events/e2/70')));
    await watch.until(() => seen.length === 5);
    expect(seen.map((id) => id.slice(9))).toEqual(['e1/5', 'e1/6', 'e1/9', 'e1/8', 'e2/70']);
    expect(figures()).toMatchObject({ received: 5, duplicates: 1, conflicts: 1, gaps: 1, malformed: 2 });
    await client.endAsync();
    await close();
    await broker.stop();
  });

  it('rejects with a code when there is no broker', async () => {
    await expect(
      startSubscriber({ url: 'mqtt://127.0.0.1:1', gateway: 'g', clock: realClock() }),
    ).rejects.toMatchObject({
      code: 'LL-PLATFORM-SUBSCRIBE',
    });
  });

  it('counts huge jumps of sequence without tracking each', () => {
    const ledger = new EventLedger();
    for (const sequence of [1, 999_999_999_999]) ledger.note(`g/events/e/${sequence}`, '{}');
    expect(ledger.gaps).toBe(999_999_999_997);
  });

  it('measures latency round midnight and by rank', () => {
    const histogram = new LatencyHistogram();
    const midnight = Date.UTC(2026, 0, 16);
    histogram.add(86_400_000 - 20, midnight + 30);
    for (let count = 0; count < 98; count++) histogram.add(1_000, midnight + 1_000 + 5);
    histogram.add(3_000, midnight + 2_990); // a clock slightly ahead counts as 0
    expect([
      histogram.quantile(0.01),
      histogram.quantile(0.5),
      histogram.quantile(0.99),
      histogram.quantile(1),
    ]).toEqual([0, 5, 5, 50]);
    expect(histogram.count).toBe(100);
    expect(new LatencyHistogram().quantile(0.5)).toBe(0);
  });
});
