import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { NewEvent } from '../../edge/core/event.ts';
import { eventOf, newSink, newStore, Watch } from './fixture.ts';
import { natsBinary, natsCity, startNats } from './nats-server.ts';

const golden: unknown = JSON.parse(readFileSync(new URL('golden/nats/events.json', import.meta.url), 'utf8'));

const events: readonly NewEvent[] = [
  { ...eventOf(1), data: { ...eventOf(1).data, grid: '230103005012', priority: 'high' } },
  { ...eventOf(2), type: 'incident.acknowledged', utility: 'gas', subject: '阀井 7.2', data: { by: '李工' } },
  { ...eventOf(3), type: 'gateway.clock-jumped', utility: '', subject: '', data: { byMs: -3_600_000 } },
];

it.skipIf(!natsBinary)('events stand in the stream as the golden file says', async () => {
  const server = await startNats();
  const store = await newStore();
  const sink = newSink(store, { url: server.url, stream: { create: true } }, 'nats');
  const watch = new Watch();
  const timer = setInterval(watch.tell, 20);
  try {
    const [first] = await store.journal.append(events);
    await sink.start();
    await watch.until(() => sink.status().pending === 0);
    const city = await natsCity(server);
    const found = await city.messages('lifeline', events.length);
    await city.close();
    expect(JSON.parse(JSON.stringify(found).replaceAll(first!.epoch, 'EPOCH'))).toEqual(golden);
  } finally {
    clearInterval(timer);
    await sink.stop();
    await store.close();
    await server.kill();
  }
});
