import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import type { Store } from '../../edge/store/api.ts';
import { cuttable } from './fixture.ts';
import { eventually, named, sparkplugCommandSuite } from './sparkplug-commands-suite.ts';
import { SparkplugHost } from './sparkplug-host.ts';
import { type Plant, plant, plantStore, plantTags } from './sparkplug-plant.ts';
import type { WireMetric } from './sparkplug-wire.ts';

const node = 'hrb-07';

/**
 * What the sink must hold against any broker; each test is a row of the checklist, named by the specification's ids.
 * @param common options of every sink
 */
export function sparkplugSuite(url: () => string, common: Record<string, unknown> = {}): void {
  const cleanups: (() => unknown)[] = [];
  let groups = 0;
  let group = '';

  async function scene(
    options: Record<string, unknown> = {},
    given: { store?: Store; host?: SparkplugHost } = {},
  ): Promise<{ plant: Plant; host: SparkplugHost; store: Store }> {
    const store = given.store ?? (await plantStore());
    if (!given.store) cleanups.push(() => store.close());
    if (!given.host) group = `g${process.pid}-${++groups}`;
    const host = given.host ?? new SparkplugHost(group, node);
    if (!given.host) {
      await host.connect(url());
      cleanups.push(() => host.close());
    }
    const made = plant(store, { servers: [url()], group, ...common, ...options });
    cleanups.push(() => made.sink.stop());
    return { plant: made, host, store };
  }

  async function cleanUp(): Promise<void> {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  }
  afterEach(cleanUp);

  describe('a day of a node', () => {
    let host: SparkplugHost;
    let reborn: SparkplugHost['messages'] = [];
    let beforeWrap = 0;
    let started = 0;
    beforeAll(async () => {
      started = Date.now();
      const first = await scene();
      host = first.host;
      const day = first.plant;
      day.live.write({
        ...{ device: 'ps-3', received: Date.now(), tags: Int32Array.of(0, 4), values: Float64Array.of(12.5, 1) },
        ...{ quality: Uint8Array.of(0, 0), times: Float64Array.of(Date.now(), Date.now()) },
      });
      await day.sink.start();
      await host.until('DBIRTH', 'ps-3', 1);
      day.poll('ps-3', { 'ps-3/flow': 12.75, 'ps-3/level': 2.3, 'ps-3/balance': -5, 'ps-3/total': -5_000_000_000 });
      await host.until('DDATA', 'ps-3', 1);
      day.poll('ps-3', {
        'ps-3/run': 0,
        'ps-3/serial': '泵7号',
        'ps-3/serviced': 1_700_000_000_000,
        'ps-3/firmware': 7,
      });
      day.device('ps-4', true);
      await host.until('DBIRTH', 'ps-4', 1);
      day.poll('ps-4', { 'ps-4/pressure': 3.5 });
      await host.until('DDATA', 'ps-4', 1);
      day.device('ps-4', false);
      await host.until('DDEATH', 'ps-4', 1);
      day.poll('ps-4', { 'ps-4/pressure': Number.NaN }, Quality.comm);
      day.device('ps-4', true);
      await host.until('DBIRTH', 'ps-4', 2);
      day.poll('ps-3', { 'ps-3/flow': Number.NaN }, Quality.comm);
      day.poll('ps-3', { 'ps-3/flow': 501 }, Quality.outOfRange);
      day.poll('ps-3', { 'ps-3/flow': 13 });
      day.poll('ps-3', { 'ps-3/flow': 13.5 });
      day.poll('dma-2', { 'dma-2/net-inflow': 4.25 });
      await host.until('NDATA', undefined, 1);
      beforeWrap = host.messages.length;
      for (let count = 0; count < 300; count++) {
        day.poll('ps-3', { 'ps-3/flow': count });
        if (count % 50 === 49) await host.watch.until(() => host.messages.length === beforeWrap + count + 1);
      }
      await host.rebirth();
      await host.until('NBIRTH', undefined, 2);
      await host.until('DBIRTH', 'ps-4', 3);
      reborn = host.messages.slice(beforeWrap + 300);
      await day.sink.stop();
      await host.until('NDEATH', undefined, 1);
      const again = await scene({}, { store: first.store, host });
      await again.plant.sink.start();
      await host.until('NBIRTH', undefined, 3);
      await host.until('DBIRTH', 'ps-3', 3);
      await again.plant.sink.stop();
      await cleanUp();
    });

    const birth = (count = 0) => host.of('NBIRTH')[count]!;
    const deviceBirth = (count = 0) => host.of('DBIRTH', 'ps-3')[count]!;
    const dataOf = (index: number) => host.of('DDATA', 'ps-3')[index]!.payload.metrics;
    const births = () => host.messages.filter(({ verb }) => verb.endsWith('BIRTH'));
    const data = () => host.messages.filter(({ verb }) => verb.endsWith('DATA'));
    const bdSeqOf = (metrics: readonly WireMetric[]) => Number(named(metrics, 'bdSeq').value);

    it('breaks no rule of sequence, order, alias, name or time that a host can see', () => {
      expect(host.violations).toEqual([]);
      expect(host.messages.length).toBeGreaterThan(310);
    });

    it('1, 2 tck-id-topic-structure-namespace-a, -valid-group-id, -valid-edge-node-id, -valid-device-id', () => {
      const pattern = new RegExp(`^spBv1\\.0/${group}/([ND](BIRTH|DATA|DEATH))/${node}(/ps-[34])?$`);
      for (const { topic } of host.messages) expect(topic).toMatch(pattern);
    });

    it('8 tck-id-topics-nbirth-bdseq-increment: 0 first, one more at the next connection, over a restart', () => {
      expect(host.of('NBIRTH').map(({ payload }) => bdSeqOf(payload.metrics))).toEqual([0, 0, 1]);
    });

    it('9 tck-id-topics-nbirth-bdseq-included: Int64', () => {
      expect(named(birth().payload.metrics, 'bdSeq')).toMatchObject({ datatype: 4, field: 11, value: 0n });
    });

    it('12, 28 tck-id-payloads-nbirth-qos, -retain, -dbirth-, -ndata-, -ddata-: QoS 0, not retained', () => {
      for (const { qos, retain } of [...births(), ...data()])
        expect({ qos, retain }).toEqual({ qos: 0, retain: false });
    });

    it('13 tck-id-topics-nbirth-seq-num: 0', () => {
      expect(host.of('NBIRTH').map(({ payload }) => payload.seq)).toEqual([0, 0, 0]);
    });

    it('14, 22 tck-id-payloads-timestamp-in-UTC, tck-id-payloads-name-birth-data-requirement', () => {
      for (const { payload } of host.messages) {
        expect(payload.timestamp).toBeGreaterThanOrEqual(started);
        expect(payload.timestamp).toBeLessThanOrEqual(Date.now());
        for (const metric of payload.metrics) expect(metric.timestamp).toBeGreaterThan(1_600_000_000_000);
      }
    });

    it('15, 16 tck-id-topics-nbirth-metric-reqs, -metrics: every metric with name, datatype and value', () => {
      const told = deviceBirth().payload.metrics.map(({ name, datatype }) => [name, datatype]);
      expect(told).toEqual([
        ['flow', 9],
        ['level', 10],
        ['balance', 3],
        ['total', 4],
        ['run', 11],
        ['serial', 12],
        ['serviced', 13],
        ['firmware', 6],
      ]);
      expect(named(deviceBirth().payload.metrics, 'flow')).toMatchObject({ field: 12, value: 12.5 });
      expect(named(deviceBirth().payload.metrics, 'run')).toMatchObject({ field: 14, value: true });
      expect(birth().payload.metrics.map(({ name }) => name)).toEqual([
        'bdSeq',
        'Node Control/Rebirth',
        'Node Control/Acknowledge',
        'dma-2/net-inflow',
      ]);
    });

    it('17 tck-id-operational-behavior-data-publish-dbirth-values: null where there is no value', () => {
      const level = named(deviceBirth().payload.metrics, 'level');
      expect([level.isNull, level.field]).toEqual([true, undefined]);
    });

    it('18, 19 tck-id-operational-behavior-data-commands-rebirth-name, -datatype, -value, -name-aliases', () => {
      const control = named(birth().payload.metrics, 'Node Control/Rebirth');
      expect(control).toMatchObject({ datatype: 11, value: false });
      expect(control.alias).toBeUndefined();
    });

    it('20 tck-id-payloads-alias-uniqueness, -birth-requirement; the same after a restart', () => {
      const aliases = [birth(), deviceBirth(), host.of('DBIRTH', 'ps-4')[0]!].flatMap(({ payload }) =>
        payload.metrics.flatMap(({ alias }) => (alias === undefined ? [] : [alias])),
      );
      expect(aliases.length).toBe(plantTags.length);
      expect(new Set(aliases).size).toBe(aliases.length);
      const numbers = (count: number) => deviceBirth(count).payload.metrics.map(({ alias }) => alias);
      expect(numbers(2)).toEqual(numbers(0));
    });

    it('21, 23 tck-id-payloads-alias-data-cmd-requirement, tck-id-payloads-metric-datatype-not-req', () => {
      for (const { payload } of data()) {
        for (const { name, datatype, alias } of payload.metrics) {
          expect([name, datatype, alias === undefined]).toEqual([undefined, undefined, false]);
        }
      }
    });

    it('24, 27 tck-id-payloads-dbirth-order, -ddata-order: births of devices follow that of the node, then values', () => {
      expect(host.messages.slice(0, 3).map(({ verb }) => verb)).toEqual(['NBIRTH', 'DBIRTH', 'DDATA']);
    });

    it('25, 26 tck-id-topics-dbirth-seq, tck-id-payloads-sequence-num-incrementing: one count, 0 after 255', () => {
      const counts = host.messages.slice(0, beforeWrap + 300).map(({ payload }) => payload.seq);
      expect(counts).toEqual(counts.map((_, index) => index % 256));
    });

    it('29 tck-id-topics-ddata-payload: only what changed', () => {
      expect(dataOf(0).map(({ value }) => value)).toEqual([12.75, 2.3, -5 >>> 0, BigInt.asUintN(64, -5_000_000_000n)]);
      expect(dataOf(1).map(({ value }) => value)).toEqual([false, '泵7号', 1_700_000_000_000n, 7]);
    });

    it('30 tck-id-operational-behavior-data-publish-dbirth-order: times of a metric never go back', () => {
      const last = new Map<number, number>();
      for (const { payload } of data()) {
        for (const { alias, timestamp } of payload.metrics) {
          expect(timestamp).toBeGreaterThanOrEqual(last.get(alias!) ?? 0);
          last.set(alias!, timestamp!);
        }
      }
    });

    it('31 tck-id-topics-ddeath-mqtt, -seq-num, tck-id-payloads-ddeath-timestamp', () => {
      const [death] = host.of('DDEATH', 'ps-4');
      expect(death).toMatchObject({ qos: 0, retain: false, payload: { metrics: [] } });
      expect(death!.payload.seq).toBeTypeOf('number');
      expect(death!.payload.timestamp).toBeGreaterThanOrEqual(started);
    });

    it('32 tck-id-operational-behavior-device-ddeath: link lost, dead and silent until its birth', () => {
      const ofDevice = host.messages.filter(({ device }) => device === 'ps-4').map(({ verb }) => verb);
      expect(ofDevice).toEqual(['DBIRTH', 'DDATA', 'DDEATH', 'DBIRTH', 'DBIRTH']);
      const second = named(host.of('DBIRTH', 'ps-4')[1]!.payload.metrics, 'pressure');
      expect(second).toMatchObject({ isNull: true, properties: { Quality: { type: 3, value: 500 } } });
    });

    it('33 tck-id-topics-ndeath-payload, -seq, tck-id-payloads-ndeath-bdseq', () => {
      const [death] = host.of('NDEATH');
      expect(death!.payload.seq).toBeUndefined();
      expect(death!.payload.metrics.map(({ name, datatype, value }) => [name, datatype, value])).toEqual([
        ['bdSeq', 4, 0n],
      ]);
    });

    it('34 tck-id-operational-behavior-edge-node-intentional-disconnect-ndeath: says so before it goes, once; over MQTT 5 its will does too', () => {
      const deaths = host.of('NDEATH').map(({ payload }) => Number(payload.metrics[0]!.value));
      expect(deaths.filter((bdSeq) => bdSeq === 0)).toEqual(common['protocol'] === 5 ? [0, 0] : [0]);
    });

    it('35 tck-id-operational-behavior-data-commands-rebirth-action-1, -2, -3: all births, the same bdSeq', () => {
      expect(reborn.map(({ verb, payload }) => [verb, payload.seq])).toEqual([
        ['NBIRTH', 0],
        ['DBIRTH', 1],
        ['DBIRTH', 2],
      ]);
      expect(bdSeqOf(reborn[0]!.payload.metrics)).toBe(0);
      expect(named(reborn[1]!.payload.metrics, 'flow').value).toBe(299);
    });

    it('41 tck-id-payloads-propertyset-quality-value-type, -value: told when it changes, and when it is not good', () => {
      const flow = [2, 3, 4, 5].map((index) => dataOf(index)[0]!);
      expect(flow.map(({ value, isNull }) => (isNull ? null : value))).toEqual([null, 501, 13, 13.5]);
      expect(flow.map(({ properties }) => properties?.['Quality']?.value)).toEqual([500, 0, 192, undefined]);
      expect(flow.map(({ properties }) => properties?.['qualityReason']?.value)).toEqual([
        'comm',
        'out-of-range',
        'good',
        undefined,
      ]);
      expect(flow[0]!.properties?.['Quality']?.type).toBe(3);
    });

    it('births carry unit, range, meaning and names of states as properties', () => {
      const { metrics } = deviceBirth().payload;
      expect(named(metrics, 'flow').properties).toEqual({
        Quality: { type: 3, value: 192 },
        qualityReason: { type: 12, value: 'good' },
        engUnit: { type: 12, value: 'm3/h' },
        engLow: { type: 10, value: 0 },
        engHigh: { type: 10, value: 500 },
        documentation: { type: 12, value: '进水流量' },
      });
      expect(named(metrics, 'run').properties?.['states']?.value).toBe('0=停;1=运行');
    });

    it('a float metric that is good takes at most 20 bytes', () => {
      for (const { payload } of host.of('DDATA', 'ps-3').slice(5)) {
        for (const { bytes } of payload.metrics) expect(bytes).toBeLessThanOrEqual(20);
      }
    });
  });

  it('7, 34 its will is heard when the connection drops, with the bdSeq of its births, which rises by one', async () => {
    const wire = await cuttable(Number(new URL(url()).port));
    cleanups.push(() => wire.close());
    const { plant: day, host } = await scene({ servers: [wire.url] });
    await day.sink.start();
    await host.until('DBIRTH', 'ps-3', 1);
    wire.drop();
    const death = await host.until('NDEATH', undefined, 1);
    expect([death.payload.seq, Number(death.payload.metrics[0]!.value)]).toEqual([undefined, 0]);
    await eventually(() => day.sink.status().state === 'waiting');
    expect(day.sink.status().lastError).toMatch(/^LL-MQTT-/);
    wire.restore();
    const second = await host.until('NBIRTH', undefined, 2);
    expect(Number(named(second.payload.metrics, 'bdSeq').value)).toBe(1);
    expect(host.violations).toEqual([]);
  });

  it('sends the values of an outage later as historical, under the aliases of the births in force, and loses none', async () => {
    const wire = await cuttable(Number(new URL(url()).port));
    cleanups.push(() => wire.close());
    const { plant: day, host } = await scene({ servers: [wire.url] });
    await day.sink.start();
    await host.until('DBIRTH', 'ps-3', 1);
    const beganMs = Date.now();
    day.poll('ps-3', { 'ps-3/flow': 0.5 }, 0, beganMs);
    await host.until('DDATA', 'ps-3', 1);
    wire.drop();
    await host.until('NDEATH', undefined, 1);
    await eventually(() => day.sink.status().state === 'waiting');
    for (let count = 1; count <= 200; count++) {
      day.poll('ps-3', { 'ps-3/flow': count, 'ps-3/balance': -count }, 0, beganMs + count);
      day.poll('ps-4', { 'ps-4/pressure': count }, 0, beganMs + count);
    }
    wire.restore();
    const historical = (device: string, name: string) =>
      host
        .of('DDATA', device)
        .flatMap(({ payload }) =>
          payload.metrics.filter(({ alias, historical: late }) => late && host.known.get(alias!)?.name === name),
        );
    const all = Array.from({ length: 200 }, (_, index) => index + 1);
    const seen = (device: string, name: string) => new Set(historical(device, name).map(({ value }) => Number(value)));
    await host.watch.until(() => seen('ps-3', 'flow').size >= 200 && seen('ps-3', 'balance').size >= 200);
    const flow = historical('ps-3', 'flow').filter(({ value }) => value !== 0.5);
    expect(flow.map(({ value }) => value)).toEqual(all);
    expect(flow.map(({ timestamp }) => timestamp)).toEqual(all.map((count) => beganMs + count));
    expect(historical('ps-4', 'pressure')).toEqual([]); // its device is dead
    day.device('ps-4', true);
    await host.watch.until(() => seen('ps-4', 'pressure').size === 200);
    expect(host.violations).toEqual([]);
    await eventually(() => day.sink.status().backlogMs === 0);
    expect(day.sink.status()).toMatchObject({ dropped: 0, pending: 0 });
  });

  it('37 tck-id-message-flow-edge-node-birth-publish-phid-wait, -id, -online: no birth before the host is there', async () => {
    const { plant: day, host } = await scene({ primaryHost: `scada-${process.pid}-37` });
    await host.state(`scada-${process.pid}-37`, false, 1_000);
    await day.sink.start();
    await eventually(() => day.sink.status().lastError.startsWith('LL-SPARKPLUG-HOST-AWAY'));
    day.poll('ps-3', { 'ps-3/flow': 1 });
    await host.state('another', true, 5_000);
    await host.state(`scada-${process.pid}-37`, true, 999);
    expect(host.messages).toEqual([]);
    await host.state(`scada-${process.pid}-37`, true, 1_000);
    await host.until('DBIRTH', 'ps-3', 1);
    expect(host.messages.slice(0, 2).map(({ verb }) => verb)).toEqual(['NBIRTH', 'DBIRTH']);
    const { metrics } = (await host.until('DDATA', 'ps-3', 1)).payload;
    expect(metrics).toMatchObject([{ value: 1, historical: true }]);
    await eventually(() => day.sink.status().state === 'online');
    expect(day.sink.status().lastError).toBe('');
  });

  it('38, 39 tck-id-operational-behavior-edge-node-termination-host-offline, -timestamp: dies, waits, is born again', async () => {
    const primaryHost = `scada-${process.pid}-38`;
    const { plant: day, host } = await scene({ primaryHost });
    await host.state(primaryHost, true, 2_000);
    await day.sink.start();
    await host.until('DBIRTH', 'ps-3', 1);
    await host.state(primaryHost, false, 1_999);
    day.poll('ps-3', { 'ps-3/flow': 1 });
    await host.until('DDATA', 'ps-3', 1);
    expect(host.of('NDEATH')).toEqual([]);
    await host.state(primaryHost, false, 2_001);
    const death = await host.until('NDEATH', undefined, 1);
    expect(Number(death.payload.metrics[0]!.value)).toBe(0);
    await eventually(() => day.sink.status().lastError.startsWith('LL-SPARKPLUG-HOST-AWAY'));
    await host.state(primaryHost, true, 3_000);
    const second = await host.until('NBIRTH', undefined, 2);
    expect(Number(named(second.payload.metrics, 'bdSeq').value)).toBeGreaterThan(0);
    expect(host.violations).toEqual([]);
  });

  sparkplugCommandSuite(scene);

  it('42 tck-id-payloads-template-definition-nbirth, tck-id-topics-nbirth-templates: kinds and assets', async () => {
    const { plant: day, host } = await scene({ assets: true });
    day.device('ps-4', true);
    await day.sink.start();
    const { metrics } = (await host.until('NBIRTH', undefined, 1)).payload;
    const kind = named(metrics, 'water.district');
    expect(kind).toMatchObject({ datatype: 19, template: { definition: true } });
    expect(kind.template!.ref).toBeUndefined();
    const asset = named(metrics, 'Assets/dma-2');
    expect(asset.template).toMatchObject({ ref: 'water.district', definition: false });
    const members = (metric: WireMetric) => metric.template!.metrics.map(({ name, datatype }) => [name, datatype]);
    expect(members(asset)).toEqual(members(kind));
    expect(members(kind)).toEqual([
      ['inflow', 10],
      ['outflow', 10],
    ]);
    expect(asset.template!.parameters).toEqual({
      name: '二区',
      grid: '230103005012',
      longitude: 126.64,
      latitude: 45.75,
    });
    day.poll('ps-3', { 'ps-3/flow': 7.5 });
    const change = await host.until('NDATA', undefined, 1);
    expect(change.payload.metrics[0]).toMatchObject({ name: 'Assets/dma-2', template: { ref: 'water.district' } });
    expect(change.payload.metrics[0]!.template!.metrics).toMatchObject([{ name: 'inflow', value: 7.5 }]);
    expect(host.violations).toEqual([]);
  });

  it('40 tck-id-operational-behavior-primary-application-state-with-multiple-servers-walk: past a dead broker', async () => {
    const { plant: day, host } = await scene({ servers: ['mqtt://127.0.0.1:1', url()] });
    await day.sink.start();
    await host.until('DBIRTH', 'ps-3', 1);
    expect(day.sink.status()).toMatchObject({ endpoint: url(), state: 'online' });
  });

  it('38, 40 tck-id-operational-behavior-edge-node-termination-host-offline-reconnect: the next broker when its host goes', async () => {
    const primaryHost = `scada-${process.pid}-40`;
    const wire = await cuttable(Number(new URL(url()).port)); // another way to the same broker
    cleanups.push(() => wire.close());
    const { plant: day, host } = await scene({ servers: [url(), wire.url], primaryHost });
    await host.state(primaryHost, true, 1_000);
    await day.sink.start();
    await host.until('DBIRTH', 'ps-3', 1);
    expect(day.sink.status().endpoint).toBe(url());
    await host.state(primaryHost, false, 2_000);
    await host.until('NDEATH', undefined, 1);
    await eventually(() => day.sink.status().endpoint === wire.url);
    await host.state(primaryHost, true, 3_000);
    await host.until('DBIRTH', 'ps-3', 2);
    expect(host.violations).toEqual([]);
  });

  it('tells everything again when points and devices change, and keeps the aliases of those that stay', async () => {
    const { plant: day, host } = await scene();
    await day.sink.start();
    const before = (await host.until('DBIRTH', 'ps-3', 1)).payload.metrics;
    const [, ...rest] = plantTags;
    day.reconfigure([...rest, { ...plantTags[0]!, name: 'ps-5/new', device: 'ps-5', point: 'new' }], ['ps-3', 'ps-5']);
    const born = await host.until('DBIRTH', 'ps-5', 1);
    const after = (await host.until('DBIRTH', 'ps-3', 2)).payload.metrics;
    expect(host.of('NBIRTH').length).toBe(2);
    expect(after.map(({ name }) => name)).toEqual(before.slice(1).map(({ name }) => name));
    expect(after.map(({ alias }) => alias)).toEqual(before.slice(1).map(({ alias }) => alias));
    const given = before.map(({ alias }) => alias);
    expect(given).not.toContain(born.payload.metrics[0]!.alias);
    expect(host.violations).toEqual([]);
  });

  it('4 tck-id-case-sensitivity-metric-names: warns of names that differ only in case', async () => {
    const { plant: day, host } = await scene();
    day.reconfigure([...plantTags, { ...plantTags[0]!, name: 'ps-3/FLOW', point: 'FLOW' }], ['ps-3']);
    await day.sink.start();
    await host.until('DBIRTH', 'ps-3', 1);
    expect(day.warnings).toEqual(['LL-SPARKPLUG-NAMES names alike: ps-3/FLOW']);
  });
}
