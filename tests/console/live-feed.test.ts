import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, encodeTags, type LiveFrame } from '../../edge/console/live-frame.ts';
import type { LiveMessage } from '../../edge/console/wire.ts';
import { Quality } from '../../edge/core/quality.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { upgrade } from './raw-request.ts';

import { city, clock, own, port, serve, server, sockets, useConsole, warnings } from './served-console.ts';

useConsole();

/** A page's end of the live feed: what arrives, in order, and a way to wait for it. */
async function listen() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live`, { headers: own() } as unknown as string[]);
  sockets.add(socket);
  socket.binaryType = 'arraybuffer';
  const frames: LiveFrame[] = [];
  const messages: LiveMessage[] = [];
  let arrived: () => void = () => undefined;
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') messages.push(JSON.parse(data));
    else frames.push(decodeFrame(data as ArrayBuffer));
    arrived();
  };
  const until = async (done: () => boolean) => {
    while (!done()) {
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  };
  await until(() => frames.length === 1);
  return { socket, frames, messages, until };
}

describe('the live feed', () => {
  it('starts with the whole picture and then sends only what changed, once a second', async () => {
    const { frames, messages, until } = await listen();
    expect(messages.map((message) => message.type)).toEqual(['hello', 'alarms', 'devices', 'events']);
    expect(frames[0]!.tags.length).toBe(city.source.live.values.length);
    await clock.advance(1000);
    await until(() => frames.length === 2);
    expect(frames[1]!.tags.length).toBe(0);
    const { live } = city.source;
    live.write({
      ...{ device: 'ps', received: 5, tags: Int32Array.of(3, 7), values: Float64Array.of(1.25, Number.NaN) },
      ...{ quality: Uint8Array.of(Quality.good, Quality.comm), times: Float64Array.of(5, 6) },
    });
    await clock.advance(1000);
    await until(() => frames.length === 3);
    const last = frames[2]!;
    expect([...last.tags, ...last.values, ...last.quality, ...last.times]).toEqual([
      3,
      7,
      1.25,
      Number.NaN,
      0,
      Quality.comm,
      5,
      6,
    ]);
    expect(last.now).toBe(clock.wallMs());
  });

  it('tells a page of the tags that it shows only, at once of those that are new to it, and of all again when asked', async () => {
    const { socket, frames, until } = await listen();
    const { length } = city.source.live.values;
    const next = async (asked?: number[]) => {
      const before = frames.length;
      if (asked) socket.send(encodeTags(asked));
      else {
        await clock.advance(500);
        city.step();
        await clock.advance(500);
      }
      await until(() => frames.length > before);
      return [...frames.at(-1)!.tags];
    };
    expect(await next([2, 5, 9])).toEqual([]);
    expect(await next()).toEqual([2, 5, 9]);
    expect(await next([5, 7, length, -1])).toEqual([7]);
    expect(frames.at(-1)!.values[0]).toBe(city.source.live.values[7]);
    expect(await next()).toEqual([5, 7]);
    const other = await listen();
    expect(other.frames[0]!.tags.length).toBe(length);
    expect((await next([])).length).toBe(length - 2);
    expect((await next()).length).toBe(length);
  });

  it('cuts off a page that asks for something else than tags', async () => {
    const { socket } = await listen();
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    socket.send('abc');
    expect(await closed).toBe(1007);
  });

  it('tells pages of another configuration, so that they take the model anew', async () => {
    const { messages, until } = await listen();
    await clock.advance(500);
    city.reconfigure();
    await clock.advance(200);
    await until(() => messages.length > 4);
    const { configuredAt } = city.source.description.gateway;
    expect(messages.filter(({ type }) => type === 'hello')).toEqual([
      { type: 'hello', gateway: 'hrb-07', configuredAt: configuredAt - 500 },
      { type: 'hello', gateway: 'hrb-07', configuredAt },
    ]);
  });

  it('tells the text of a tag before the value that stands for it, once, and again to a page that comes later', async () => {
    const { live } = city.source;
    const write = (text: string) =>
      live.write({
        ...{ device: 'ps', received: 5, tags: Int32Array.of(3), values: Float64Array.of(textValue(text)) },
        ...{ quality: Uint8Array.of(Quality.good), times: Float64Array.of(5), texts: new Map([[3, text]]) },
      });
    const first = await listen();
    for (const text of ['HRB-7', 'HRB-7', '水表8号']) {
      write(text);
      const frames = first.frames.length;
      await clock.advance(1000);
      await first.until(() => first.frames.length > frames);
    }
    const told = (messages: readonly LiveMessage[]) =>
      messages.flatMap((message) => (message.type === 'texts' ? [message.texts] : []));
    expect(told(first.messages)).toEqual([[[3, 'HRB-7']], [[3, '水表8号']]]);
    expect(first.frames.at(-1)!.values[0]).toBe(textValue('水表8号'));
    const second = await listen();
    expect(told(second.messages)).toEqual([[[3, '水表8号']]]);
    live.write({
      ...{ device: 'ps', received: 6, tags: Int32Array.of(3), values: Float64Array.of(Number.NaN) },
      ...{ quality: Uint8Array.of(Quality.comm), times: Float64Array.of(6) },
    });
    expect(told((await listen()).messages)).toEqual([]);
  });

  it('tells of a new alarm within a fifth of a second and gathers a flood into one list', async () => {
    const { frames, messages, until } = await listen();
    for (let at = 0; at < 300; at++) city.raise({ asset: `zone-${(at % 8) + 1}`, kind: `kind-${at}` });
    await clock.advance(200);
    await until(() => messages.some((message) => message.type === 'alarms' && message.total > 0));
    await clock.advance(1000);
    await until(() => frames.length === 2);
    const lists = messages.filter((message) => message.type === 'alarms');
    expect(lists.map((list) => list.total)).toEqual([0, 300]);
  });

  it('drops a page that does not read, within its limit of bytes, and goes on serving the others', async () => {
    await serve(60_000);
    const slow = await deafClient();
    const { frames, until } = await listen();
    let rounds = 0;
    while (warnings.length === 0 && rounds++ < 40) {
      city.step();
      await clock.advance(1000);
      await until(() => frames.length === rounds + 1);
    }
    expect(warnings[0]).toMatchObject({ code: 'LL-CONSOLE-SLOW-CLIENT' });
    expect(Number(warnings[0]!['backlogBytes'])).toBeLessThan(3 * Number(warnings[0]!['limitBytes']));
    slow.destroy();
    city.step();
    await clock.advance(1000);
    await until(() => frames.length === rounds + 2);
    expect(frames.at(-1)!.tags.length).toBe(city.source.live.values.length);
  });

  it('cuts off a page that sends more than it may', async () => {
    const { socket } = await listen();
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    socket.send('x'.repeat(40_000));
    expect([1006, 1009]).toContain(await closed);
  });

  it('ends connections at stop, twice without harm, and the port is free again', async () => {
    const { socket } = await listen();
    const closed = new Promise((resolve) => {
      socket.onclose = resolve;
    });
    await server.stop();
    await closed;
    await server.stop();
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(port, '127.0.0.1', resolve));
    expect((probe.address() as AddressInfo).port).toBe(port);
    probe.close();
  });
});

/** Opens the feed and never reads from it. */
function deafClient(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      const lines = Object.entries({ host: `127.0.0.1:${port}`, ...own(), ...upgrade }).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write(`GET /api/live HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.once('readable', () => resolve(socket));
    });
    socket.on('error', () => undefined);
  });
}

describe('live frames', () => {
  it('come back as they went, NaN and all, and a lying count is refused', () => {
    const table = {
      values: Float64Array.of(1, Number.NaN, -0.5),
      quality: Uint8Array.of(0, 130, 64),
      times: Float64Array.of(10, 20, 30),
    };
    for (const tags of [[], [1], [2, 0], [0, 1, 2]]) {
      const frame = decodeFrame(encodeFrame(99, Int32Array.from(tags), table));
      expect([frame.now, ...frame.tags]).toEqual([99, ...tags]);
      expect([...frame.values]).toEqual(tags.map((tag) => table.values[tag]));
      expect([...frame.quality]).toEqual(tags.map((tag) => table.quality[tag]));
    }
    const lying = encodeFrame(0, Int32Array.of(0), table);
    new DataView(lying).setUint32(8, 4_000_000_000, true);
    expect(() => decodeFrame(lying)).toThrow(RangeError);
  });
});
