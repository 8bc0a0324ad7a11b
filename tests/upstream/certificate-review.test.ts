import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { newAuthority } from './certificates.ts';

const dayMs = 86_400_000;
const site =
  'gateway: { id: gw }\ndevices:\n  - { id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: p.csv }\nsinks:\n';
/** A road for alarms, which some kinds do not carry. */
const alarms = '  - { id: alarms, sink: webhook, url: "https://h" }\n';

/** How each kind of sink names its certificates: their keys, and the rest of its entry, encrypted and not. */
const roads = [
  { sink: 'mqtt-json', keys: ['tls.ca', 'tls.cert', 'tls.key'], address: 'url: "mqtts://h"', plain: 'url: "mqtt://h"' },
  { sink: 'nats', keys: ['tls.ca', 'tls.cert', 'tls.key'], address: 'url: "tls://h"', plain: 'url: "nats://h"' },
  {
    ...{ sink: 'sparkplug', keys: ['tls.ca', 'tls.cert', 'tls.key'] },
    ...{ address: 'servers: ["mqtts://h"]', plain: 'servers: ["mqtt://h"]' },
  },
  { sink: 'webhook', keys: ['ca', 'certificate', 'key'], address: 'url: "https://h"', plain: 'url: "http://h"' },
];

let folder: string;
let files: Readonly<Record<'ca' | 'cert' | 'key' | 'other' | 'none' | 'several', string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-certificates-'));
  const authority = await newAuthority();
  const [own, other, brief] = await Promise.all([
    authority.issue({ days: 200 }),
    authority.issue(),
    authority.issue({ days: 5 }),
  ]);
  const several = join(folder, 'several.pem');
  await writeFile(several, `${await readFile(own.certFile, 'utf8')}${await readFile(brief.certFile, 'utf8')}`);
  await writeFile(join(folder, 'none.pem'), 'no certificate at all');
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  const { certFile: cert, keyFile: key } = own;
  files = { ca: authority.caFile, cert, key, other: other.keyFile, none: join(folder, 'none.pem'), several };
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(roads)('the certificates of $sink', ({ sink, keys, address, plain }) => {
  const [ca, cert, key] = keys as [string, string, string];

  /** What `lifeline check` says of the sink with these files, in so many days. */
  async function said(named: Readonly<Record<string, string>>, { days = 0, at = address } = {}) {
    const entries = Object.entries(named).map(([name, file]) => `${name.split('.').at(-1)}: ${file}`);
    const certificates = ca.startsWith('tls.') ? `tls: { ${entries.join(', ')} }` : entries.join(', ');
    await writeFile(
      join(folder, 'g.yaml'),
      `${site}  - { id: city, sink: ${sink}, ${at}, ${certificates} }\n${alarms}`,
    );
    const clock = { wallMs: () => Date.now() + days * dayMs };
    const { gateway, errors, warnings } = await loadGateway(join(folder, 'g.yaml'), { ...loadContext, clock });
    expect(gateway === undefined).toBe(errors.length > 0);
    return [...errors, ...warnings].map(({ line, path, code }) => [line, path, code]);
  }
  const place = (name: string, code: string) => [5, `sinks[0].${name}`, `LL-TLS-${code}`];

  it('are passed over when they are sound', async () => {
    expect(await said({ [ca]: files.ca, [cert]: files.cert, [key]: files.key })).toEqual([]);
  });

  it('are told when they end soon, have ended or are not valid yet, and the gateway starts with them', async () => {
    const named = { [ca]: files.ca, [cert]: files.cert, [key]: files.key };
    expect(await said(named, { days: 45 })).toEqual([place(ca, 'ENDS')]);
    expect(await said(named, { days: 180 })).toEqual([place(ca, 'ENDED'), place(cert, 'ENDS')]);
    expect(await said(named, { days: 201 })).toEqual([place(ca, 'ENDED'), place(cert, 'ENDED')]);
    expect(await said(named, { days: -2 })).toEqual([place(ca, 'NOT-YET'), place(cert, 'NOT-YET')]);
    expect(await said({ [ca]: files.several }, { days: 10 }), 'the second of a file').toEqual([place(ca, 'ENDED')]);
  });

  it('are refused where a file has none, or the key is of another or missing', async () => {
    expect(await said({ [ca]: files.none })).toEqual([place(ca, 'FILE')]);
    expect(await said({ [cert]: files.cert, [key]: files.none })).toEqual([place(key, 'FILE')]);
    expect(await said({ [cert]: files.cert, [key]: files.other })).toEqual([place(key, 'PAIR')]);
    expect(await said({ [cert]: files.cert })).toEqual([place(cert, 'PAIR')]);
  });

  it('are told to be of no use where the connection is not encrypted', async () => {
    expect(await said({ [ca]: files.ca }, { at: plain })).toEqual([place(ca, 'UNUSED')]);
  });
});
