import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import opcua, { type ClientSession, type ClientSessionPublishService } from 'node-opcua';
import { describe, expect, test } from 'vitest';
import { NotificationCollector } from '../../drivers/opcua/collector.ts';
import { opcuaDriver } from '../../drivers/opcua/driver.ts';
import { GapReport } from '../../drivers/opcua/gaps.ts';
import { MisfitReport } from '../../drivers/opcua/misfits.ts';
import { SequenceWatch } from '../../drivers/opcua/sequence.ts';
import { subscribe } from '../../drivers/opcua/subscription.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import {
  device,
  folder,
  freePort,
  node,
  open,
  serverOn,
  sessionOn,
  subscriptionsOf,
  warnings,
  watch,
} from './opcua-server.ts';
import { testHost } from './peer.ts';

const clock = realClock();
const { Double } = opcua.DataType;

/** What a collector needs where no value is of the wrong kind. */
const collecting = (gaps: GapReport) => {
  const misfits = new MisfitReport(([first]) => expect.unreachable(first?.why));
  return { device: 'd', clock, gaps, misfits };
};

describe('OPC UA subscriptions', () => {
  test('read elements of arrays, and nodes whose name only looks like one', async () => {
    const server = await serverOn(await freePort());
    server.add('odd[2]', 'Double', 7);
    const seen = await watch(
      device(
        server.endpoint,
        ['pair[1]', 'odd[2]', 'pair[9]'].map((name, tag) => node(tag, name)),
      ),
    );
    await seen.until(() => seen.newest.size === 3);
    expect([0, 1].map((tag) => seen.newest.get(tag)!.value)).toEqual([5, 7]);
    expect(seen.newest.get(2)!.value).toBeNaN();
  });

  test('show how each point comes, what the server does not offer, and with whom the session is', async () => {
    const server = await serverOn(await freePort(), { serverCapabilities: { maxMonitoredItemsPerSubscription: 1 } });
    const points = ['temp', 'level', 'nowhere'].map((name, tag) => node(tag, name));
    const seen = await watch(device(server.endpoint, points));
    const [poll] = seen.session.polls;
    expect(seen.session.diagnostics!().requests.map(({ state }) => state)).toEqual(['answered', 'refused', 'waiting']);
    await poll!.read();
    const { requests, facts } = seen.session.diagnostics!();
    expect(requests).toMatchObject([
      { periodMs: 100, tags: [0], state: 'answered', place: { en: 'subscription, published every 100 ms' } },
      { tags: [2], state: 'refused', reason: { en: 'BadNodeIdUnknown' } },
      { periodMs: 100, tags: [1], state: 'answered', place: { en: 'read at every period' } },
    ]);
    expect(facts.map(({ name, value }) => [name.en, value])).toEqual(
      expect.arrayContaining([
        ['Session with', server.endpoint],
        ['Security policy', 'None'],
      ]),
    );
  });

  test.each([
    ['the server has no room for more items', { maxMonitoredItemsPerSubscription: 1 }, {}, [[100, 1]]],
    ['the server allows one subscription', { maxSubscriptionsPerSession: 1 }, {}, [[300, 1]]],
    [
      'the configuration says so',
      {},
      { subscribe: false },
      [
        [100, 2],
        [300, 1],
      ],
    ],
  ])('poll what is not subscribed because %s', async (_why, serverCapabilities, options, polls) => {
    const server = await serverOn(await freePort(), { serverCapabilities });
    const { said, log } = warnings();
    const points = [node(0, 'temp'), node(1, 'level'), { ...node(2, 'pair[0]'), periodMs: 300 }];
    const seen = await watch(device(server.endpoint, points, options), log);
    expect(seen.session.polls.map(({ periodMs, tags }) => [periodMs, tags.length])).toEqual(polls);
    const polled = polls.reduce((sum, [, count]) => sum + count!, 0);
    await seen.until(() => seen.newest.size === 3 - polled);
    const expected = [21.5, 1.25, 1];
    for (const poll of seen.session.polls) {
      const batch = await poll.read();
      expect([...batch.values]).toEqual([...batch.tags].map((tag) => expected[tag]));
      expect([...batch.times]).toEqual([...batch.tags].map(() => 5000));
      expect([...batch.quality]).toEqual([...batch.tags].map(() => 0));
    }
    expect(said.map(({ code }) => code)).toEqual('subscribe' in options ? [] : ['LL-OPCUA-POLLING']);
  });

  test('let the server hold back small changes when asked to', async () => {
    const server = await serverOn(await freePort());
    const points = [{ ...node(0, 'temp'), deadband: 1 }, node(1, 'level')];
    const seen = await watch(device(server.endpoint, points, { serverDeadband: true }));
    await seen.until(() => seen.newest.size === 2);
    const set = (name: string, value: number) =>
      server.variable(name).setValueFromSource({ dataType: name === 'temp' ? Double : opcua.DataType.Float, value });
    set('temp', 21.6);
    set('level', 2);
    await seen.until(() => seen.newest.get(1)!.value === 2);
    set('temp', 30);
    await seen.until(() => seen.newest.get(0)!.value === 30);
    const heard = seen.batches.flatMap((batch) =>
      [...batch.tags].flatMap((tag, row) => (tag === 0 ? [batch.values[row]] : [])),
    );
    expect(heard).toEqual([21.5, 30]);
  });

  test('hold back many points at once, and go on without for the one the server refuses it', async () => {
    const server = await serverOn(await freePort());
    const names = Array.from({ length: 300 }, (_, index) => `p${index}`);
    for (const name of names) server.add(name, 'Double', 0);
    const points = names.map((name, tag) => ({ ...node(tag, name), deadband: tag + 1 }));
    const { said, log } = warnings();
    const run = { ...node(300, 'run'), deadband: 1 };
    const seen = await watch(device(server.endpoint, [...points, run], { serverDeadband: true }), log);
    await seen.until(() => seen.newest.size === 301);
    expect(said).toEqual([
      {
        code: 'LL-OPCUA-DEADBAND',
        message: expect.stringMatching(/does not hold back .* 1 point: d\/p300 .*\(BadFilterNotAllowed\)/),
      },
    ]);
    // a change of 150 is within the deadbands of 150 and more: points 149 to 299 stay
    for (const name of names) server.variable(name).setValueFromSource({ dataType: Double, value: 150 });
    server.variable('run').setValueFromSource({ dataType: opcua.DataType.Boolean, value: false });
    await seen.until(() => seen.newest.get(300)?.value === 0 && seen.newest.get(148)?.value === 150);
    expect(points.filter(({ tag }) => seen.newest.get(tag)?.value === 0).map(({ tag }) => tag)).toEqual(
      Array.from({ length: 151 }, (_, index) => 149 + index),
    );
  });

  test('ask again for a message that never came, and end with the newest value', async () => {
    const server = await serverOn(await freePort());
    const { session, limits, values, until, collector, gaps } = await bareSession(server.endpoint);
    let drop = false;
    let dropped = () => {};
    const gone = new Promise<void>((resolve) => {
      dropped = resolve;
    });
    const service = session as ClientSession & ClientSessionPublishService;
    const publish = service.publish.bind(service);
    service.publish = (request, callback) =>
      publish(request, (error, response) => {
        const news = (response?.notificationMessage.notificationData ?? []).length > 0;
        if (!drop || !news) return callback(error, response);
        drop = false;
        dropped();
        callback(new Error('dropped by the test'));
      });
    const subscriber = { stack: opcua, session, collector, gaps, limits, queueSize: 10, serverDeadband: false };
    const point = node(0, 'temp');
    await subscribe(subscriber, [{ point, node: point.node, element: undefined }], 100);
    await until(() => values.includes(21.5));
    const temp = server.variable('temp');
    drop = true;
    temp.setValueFromSource({ dataType: Double, value: 22 });
    await gone;
    temp.setValueFromSource({ dataType: Double, value: 23 });
    await until(() => values.includes(22) && values.at(-1) === 23);
    expect(values).toEqual([21.5, 23, 22, 23]);
  });

  test('count queues of the server that ran over, at most once a minute in the log', async () => {
    const { said, log } = warnings();
    let nowMs = 0;
    const host = testHost({ ...clock, monotonicMs: () => nowMs }, log, folder);
    const collector = new NotificationCollector(collecting(new GapReport('d', 'd', host)), () => undefined);
    const place = { point: node(0, 'temp'), node: 'ns=1;s=temp', element: undefined };
    const value = { dataType: Double, value: 1 };
    const statusCode = opcua.StatusCodes.GoodWithOverflowBit;
    for (const atMs of [0, 10, 20, 60_000]) {
      nowMs = atMs;
      collector.take(opcua, place, new opcua.DataValue({ value, statusCode }));
    }
    expect(said.map(({ message }) => message)).toEqual([
      'd: queues of the server ran over once',
      'd: queues of the server ran over 3 times',
    ]);
  });

  test('speak of a gap when the server has the message no more', async () => {
    const server = await serverOn(await freePort());
    const { log, warned } = warnings();
    const seen = await watch(device(server.endpoint, [node(0, 'temp')]), log);
    await seen.until(() => seen.newest.size === 1);
    const [subscription] = subscriptionsOf(server.server);
    subscription!._get_next_sequence_number();
    server.variable('temp').setValueFromSource({ dataType: Double, value: 22 });
    expect(await warned('LL-OPCUA-GAP')).toContain('1 message never came');
  });
});

/** A session below the driver, and the values that a subscription of it brings. */
async function bareSession(endpoint: string) {
  const host = testHost(clock, silentLog, folder);
  const { session, limits } = await sessionOn(endpoint);
  const values: number[] = [];
  let heard = () => {};
  const gaps = new GapReport('d', 'd', host);
  const collector = new NotificationCollector(collecting(gaps), (batch) => {
    values.push(...batch.values);
    heard();
  });
  const until = async (holds: () => boolean) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { session, limits, values, until, collector, gaps };
}

describe('sequence numbers of OPC UA', () => {
  test('show exactly what never came, past the wrap as well, keep-alives between', () => {
    const message = fc.record({ lost: fc.boolean(), keepAlive: fc.boolean() });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
        const watching = new SequenceWatch();
        let number = 1;
        const lost: number[] = [];
        const found: number[] = [];
        for (const { lost: dropped, keepAlive } of [...messages, { lost: false, keepAlive: true }]) {
          if (keepAlive) found.push(...watching.take(number, true).missing);
          else {
            if (dropped) lost.push(number);
            else found.push(...watching.take(number, false).missing);
            number += 1;
          }
        }
        expect(found).toEqual(lost);
      }),
    );
    const watching = new SequenceWatch();
    expect(watching.take(0xffff_fffe, true).count).toBe(0);
    const near = new SequenceWatch();
    near.take(0x4000_0000, true);
    near.take(0x7fff_fff0, true);
    near.take(0xbfff_fff0, true);
    near.take(0xffff_fffe, true);
    expect(near.take(1, false)).toEqual({ missing: [0xffff_fffe, 0xffff_ffff], count: 2 });
  });
});

describe('a session of OPC UA', () => {
  test('writes every type as the server has it and reads it back', async () => {
    const server = await serverOn(await freePort());
    const names = ['temp', 'level', 'run', 'small', 'total', 'energy', 'volume', 'pair[1]'];
    const points = names.map((name, tag) => node(tag, name));
    const { session } = await watch(device(server.endpoint, points));
    const values = [-1.5, 2.5, 0, -300, 4_000_000_001, -(2 ** 40) - 1, 2 ** 45 + 3, 6.5];
    for (const [tag, value] of values.entries()) {
      expect(await session.write!(points[tag]!, value)).toEqual({ kind: 'done' });
      expect(await session.readBack!(points[tag]!)).toBe(value);
    }
    expect(server.variable('pair').readValue().value.value).toEqual(Float64Array.of(1, 6.5));
  });

  test('names the status by which the server refuses a write', async () => {
    const server = await serverOn(await freePort());
    server.add('fixed', 'Double', 1, 1);
    const points = [node(0, 'fixed'), node(1, 'small'), node(2, 'absent')];
    const { session } = await watch(device(server.endpoint, points));
    const write = async (tag: number, value: number) => session.write!(points[tag]!, value);
    const refused = (text: string) => ({
      kind: 'refused',
      error: { code: 'LL-OPCUA-WRITE', message: expect.stringContaining(text) },
    });
    expect(await write(0, 2)).toMatchObject(refused('the server refuses 2 (BadNotWritable)'));
    expect(await write(1, 0.5)).toMatchObject(refused('no whole number'));
    expect(await write(2, 1)).toMatchObject({ kind: 'refused' });
    await expect(session.readBack!(points[2]!)).rejects.toMatchObject({ code: 'LL-OPCUA-NODE' });
    await server.stop();
    expect(await write(1, 5)).toMatchObject({ kind: 'unknown', error: { code: 'LL-OPCUA-WRITE' } });
  });

  test('finds its nodes again when the indexes of namespaces changed with a restart', async () => {
    const port = await freePort();
    const points = [{ ...node(0, ''), node: 'nsu=urn:maker:b;s=x' }];
    for (const [uris, index, value] of [
      [['urn:maker:b', 'urn:maker:a'], 2, 1.5],
      [['urn:maker:a', 'urn:maker:b'], 3, 2.5],
    ] as const) {
      const server = await serverOn(port);
      const space = server.server.engine.addressSpace!;
      const [namespace] = uris
        .map((uri) => space.registerNamespace(uri))
        .filter(({ namespaceUri }) => namespaceUri === 'urn:maker:b');
      const x = namespace!.addVariable({
        ...{ organizedBy: space.rootFolder.objects, nodeId: 's=x', browseName: 'x', dataType: 'Double' },
      });
      expect(x.nodeId.namespace).toBe(index);
      x.setValueFromSource({ dataType: Double, value });
      const seen = await watch(device(server.endpoint, points));
      await seen.until(() => seen.newest.get(0)?.value === value);
      await seen.session.close();
      await server.stop();
    }
  });

  test('speaks of a clock that differs by more than five seconds', async () => {
    const server = await serverOn(await freePort());
    const { log, warned } = warnings();
    const slow = { ...clock, wallMs: () => clock.wallMs() - 3_600_000 };
    await watch(device(server.endpoint, [node(0, 'temp')]), log, slow);
    expect(await warned('LL-OPCUA-CLOCK')).toMatch(/is 3[56]\d\d\.\d s ahead of ours/);
  });

  test('turns to the next endpoint when the first is silent, and when it stops', async () => {
    const sockets = new Set<{ destroy(): void }>();
    const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    open.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const dead = `opc.tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const [first, second] = [await serverOn(await freePort()), await serverOn(await freePort())];
    second.variable('temp').setValueFromSource({ dataType: Double, value: 42 });
    const definition = device(dead, [node(0, 'temp')], { endpoints: [first.endpoint, second.endpoint] });
    const values: number[] = [];
    let heard = () => {};
    const acquisition = createAcquisition({
      devices: [{ driver: 'opcua', definition }],
      drivers: [opcuaDriver],
      host: testHost(clock, silentLog, folder),
      onBatch: (batch) => {
        values.push(batch.values[0]!);
        heard();
      },
      onDeviceChange: () => undefined,
    });
    open.push(() => acquisition.stop());
    const until = async (value: number) => {
      while (values.at(-1) !== value) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    };
    acquisition.start();
    await until(21.5);
    await first.stop();
    await until(42);
  }, 20_000);
});
