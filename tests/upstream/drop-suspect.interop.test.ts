import mqtt from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import { batch, eventOf, gateway, hurriedClock, newSink, newStore, Watch } from './fixture.ts';
import { describeWithMosquitto, startMosquitto } from './mosquitto.ts';

const open = 'allow_anonymous true';
const large = { ...eventOf(2), data: { number: 2, text: 'x'.repeat(2_000) } };

describeWithMosquitto('a broker that drops the connection at what is too large for it, without a word', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it.each([
    ['takes others before', [eventOf(1), large, eventOf(3)], [1, 3]],
    ['takes nothing before', [large, eventOf(3)], [3]],
  ])(
    'gets all but that one when it %s; that one waits as a dead letter until it is taken',
    async (_, events, first) => {
      const broker = await startMosquitto(`${open}\nmax_packet_size 1200`);
      cleanups.push(() => broker.stop());
      const store = await newStore();
      cleanups.push(() => store.close());
      const told = new Watch();
      const timer = setInterval(told.tell, 20);
      cleanups.push(() => clearInterval(timer));
      const url = `mqtt://127.0.0.1:${broker.port}`;
      const numbers: unknown[] = [];
      let values = 0;
      const city = await mqtt.connectAsync(url, { reconnectPeriod: 100 });
      cleanups.push(() => city.endAsync(true));
      city.on('message', (topic, payload) => {
        const { data } = JSON.parse(String(payload));
        if (topic.includes('/events/') && data.number !== undefined) numbers.push(data.number);
        if (topic.includes('/data/')) values++;
      });
      await city.subscribeAsync([`lifeline/${gateway}/events/#`, `lifeline/${gateway}/data/#`], { qos: 1 });

      await store.journal.append(events);
      const sink = newSink(store, { url, protocol: '3.1.1' }, 'mqtt-json', { clock: hurriedClock(5) });
      cleanups.push(() => sink.stop());
      await sink.start();
      await told.until(() => sink.status().pending === 0);
      await told.until(() => new Set(numbers).size === first.length);
      expect([...new Set(numbers)]).toEqual(first);
      expect(sink.status()).toMatchObject({ deadLetters: 1, refused: 1, state: 'online', lastError: '' });
      const [letter] = sink.deadLetters!.list();
      expect(letter?.reason).toMatch(/^LL-MQTT-TOO-LARGE send an event of 2\d\d\d bytes to .* 5 times in a row; /);
      sink.publish(batch([1, 2, 3]));
      await told.until(() => values > 0);

      await broker.restart(open);
      await told.until(() => sink.status().state === 'online' && city.connected);
      sink.deadLetters!.resend();
      await told.until(() => sink.status().deadLetters === 0 && numbers.includes(2));
    },
    30_000,
  );
});
