import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { lockedKey, newAuthority } from './certificates.ts';
import { many, newSink, newStore, Watch } from './fixture.ts';
import { describeWithMosquitto, type Mosquitto, startMosquitto } from './mosquitto.ts';

/** What stands above the sinks in a `gateway.yaml`, in three lines. */
const site =
  'gateway: { id: gw }\ndevices:\n  - { id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: p.csv }\n';
const points = 'tag,table,address,type\nflow,holding,0,float32\n';

type Authority = Awaited<ReturnType<typeof newAuthority>>;
type Issued = Awaited<ReturnType<Authority['issue']>>;

describeWithMosquitto('certificates against Mosquitto', () => {
  let city: Authority;
  let stranger: Authority;
  let own: Issued;
  let brokers: Record<'sound' | 'ended' | 'elsewhere' | 'unknown', Issued>;
  const cleanups: (() => unknown)[] = [];

  beforeAll(async () => {
    [city, stranger] = await Promise.all([newAuthority(), newAuthority()]);
    own = await city.issue();
    brokers = {
      ...{ sound: await city.issue(), ended: await city.issue({ days: -1 }), unknown: await stranger.issue() },
      elsewhere: await city.issue({ names: 'DNS:broker.city.example' }),
    };
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  const linesOf = ({ certFile, keyFile }: Issued) =>
    [`certfile ${certFile}`, `keyfile ${keyFile}`, `cafile ${city.caFile}`, 'allow_anonymous true'].join('\n');
  const asksForOne = (issued: Issued) => `${linesOf(issued)}\nrequire_certificate true`;

  /** A sink as the gateway makes it of a file that stands beside its certificates. */
  async function sinkWith(port: number, tls: string, kind = 'mqtt-json') {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-mqtt-tls-'));
    const url = `mqtts://127.0.0.1:${port}`;
    const address = kind === 'mqtt-json' ? `url: "${url}"` : `servers: ["${url}"]`;
    const yaml = `${site}sinks: [{ id: city, sink: ${kind}, ${address}, tls: ${tls} }]\n`;
    await writeFile(join(folder, 'g.yaml'), yaml);
    await writeFile(join(folder, 'p.csv'), points);
    const { gateway, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
    expect(errors).toEqual([]);
    const { id: _, sink, select: _select, orders: _orders, documents = {}, ...options } = gateway!.config.sinks[0]!;
    const store = await newStore();
    cleanups.push(() => store.close());
    const made = newSink(store, options, sink, { documents });
    cleanups.push(() => made.stop());
    const told = new Watch();
    const timer = setInterval(told.tell, 20);
    cleanups.push(() => clearInterval(timer));
    return { sink: made, store, told };
  }

  async function broker(lines: string): Promise<Mosquitto> {
    const started = await startMosquitto(lines);
    cleanups.push(() => started.stop());
    return started;
  }

  it.each(['mqtt-json', 'sparkplug'])('%s shows its own certificate to a broker that asks for one', async (kind) => {
    const { port } = await broker(asksForOne(brokers.sound));
    const tls = `{ ca: ${city.caFile}, cert: ${own.certFile}, key: ${own.keyFile} }`;
    const { sink, store, told } = await sinkWith(port, tls, kind);
    await store.journal.append(many(1, 3));
    await sink.start();
    await told.until(() => sink.status().state === 'online');
    if (kind === 'mqtt-json') await told.until(() => sink.status().forwarded === 3);
    expect(sink.status().lastError).toBe('');
  });

  it('takes a key that is encrypted, and a name of the broker other than its address', async () => {
    const { port } = await broker(asksForOne(brokers.elsewhere));
    const locked = lockedKey(own.keyFile, 'open sesame');
    const key = `key: ${locked}, passphrase: open sesame`;
    const tls = `{ ca: ${city.caFile}, cert: ${own.certFile}, ${key}, serverName: broker.city.example }`;
    const { sink, told } = await sinkWith(port, tls);
    await sink.start();
    await told.until(() => sink.status().state === 'online');
  });

  it.each([
    ['has ended', 'ended', 'TLS-EXPIRED'],
    ['is for another name', 'elsewhere', 'TLS-NAME'],
    ['comes from an authority that nobody here knows', 'unknown', 'TLS-UNTRUSTED'],
  ] as const)(
    'names a broker whose certificate %s, tries on, and delivers everything once it has another',
    async (_, which, code) => {
      const broken = await broker(linesOf(brokers[which]));
      const { sink, store, told } = await sinkWith(broken.port, `{ ca: ${city.caFile} }`);
      await store.journal.append(many(1, 20));
      await sink.start();
      await told.until(() => sink.status().state === 'waiting');
      expect(sink.status()).toMatchObject({ forwarded: 0, pending: 20 });
      expect(sink.status().lastError).toMatch(new RegExp(`^LL-MQTT-${code} connect to mqtts://127\\.0\\.0\\.1:\\d+: `));
      await broken.restart(linesOf(brokers.sound));
      await told.until(() => sink.status().forwarded === 20);
      expect(sink.status()).toMatchObject({ pending: 0, lastError: '' });
      await sink.stop();
      expect(await store.cursors.get('city')).toBe(20);
    },
  );

  it.each([
    ['none', async (): Promise<Issued | undefined> => undefined],
    ['one that has ended', () => city.issue({ days: -1 })],
    ['one of an authority that the broker does not know', () => stranger.issue()],
  ] as const)('says that the broker does not take the certificate of the gateway: %s', async (_, issue) => {
    const { port } = await broker(asksForOne(brokers.sound));
    const shown = await issue();
    const pair = shown ? `, cert: ${shown.certFile}, key: ${shown.keyFile}` : '';
    const { sink, store, told } = await sinkWith(port, `{ ca: ${city.caFile}${pair} }`);
    await store.journal.append(many(1, 3));
    await sink.start();
    await told.until(() => sink.status().lastError.startsWith('LL-MQTT-TLS-REFUSED '));
    expect(sink.status()).toMatchObject({ forwarded: 0, pending: 3 });
  });
});

it('lifeline check names files that are no certificates, keys of others, and what is missing, each in its place', async () => {
  const [authority, folder] = [await newAuthority(), await mkdtemp(join(tmpdir(), 'lifeline-mqtt-tls-'))];
  const [one, other] = [await authority.issue(), await authority.issue()];
  await writeFile(join(folder, 'none.pem'), 'no certificate at all');
  await writeFile(join(folder, 'p.csv'), points);
  await writeFile(
    join(folder, 'secrets.yaml'),
    `city-key: |\n  ${(await readFile(one.keyFile, 'utf8')).trim().replaceAll('\n', '\n  ')}\n`,
    {
      mode: 0o600,
    },
  );
  const check = async (tls: string, url = 'mqtts://h:8883'): Promise<unknown> => {
    const sink = `{ id: city, sink: mqtt-json, url: "${url}", tls: ${tls} }`;
    await writeFile(join(folder, 'g.yaml'), `${site}sinks:\n  - ${sink}\n`);
    const { errors, warnings } = await loadGateway(join(folder, 'g.yaml'), loadContext);
    return [...errors, ...warnings].map(({ line, path, code, message }) => ({ line, path, code, message }));
  };
  const at = (key: string, code: string, message: string) => [
    { line: 5, path: `sinks[0].tls.${key}`, code: `LL-TLS-${code}`, message: expect.stringContaining(message) },
  ];
  expect(await check(`{ ca: ${authority.caFile}, cert: ${one.certFile}, key: ${one.keyFile} }`)).toEqual([]);
  expect(await check(`{ cert: ${one.certFile}, key: !secret city-key }`)).toEqual([]);
  expect(await check('{ ca: none.pem }')).toEqual(at('ca', 'FILE', 'tls.ca has no certificate'));
  expect(await check(`{ cert: ${one.certFile}, key: none.pem }`)).toEqual(
    at('key', 'FILE', 'tls.key has no private key'),
  );
  expect(await check(`{ cert: ${one.certFile}, key: ${other.keyFile} }`)).toEqual(
    at('key', 'PAIR', 'of another certificate'),
  );
  expect(await check(`{ cert: ${one.certFile} }`)).toEqual(at('cert', 'PAIR', 'belong together'));
  expect(await check(`{ ca: ${authority.caFile} }`, 'mqtt://h:1883')).toEqual(at('ca', 'UNUSED', 'not encrypted'));
  expect(await check('{ ca: gone.pem }')).toMatchObject([{ path: 'sinks[0].tls.ca', code: 'LL-CONFIG-FILE' }]);
});
