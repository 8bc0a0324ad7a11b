import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';

let folder = '';
afterEach(() => rm(folder, { recursive: true, force: true }));

async function loaded(sink: string, files: Readonly<Record<string, string>> = {}) {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-sink-files-'));
  const device = '{ id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: p.csv }';
  const all = { ...files, 'p.csv': 'tag,table,address,type\nflow,holding,0,float32\n' };
  const yaml = `gateway: { id: gw }\ndevices:\n  - ${device}\nsinks:\n  - ${sink}\n`;
  for (const [name, text] of Object.entries({ ...all, 'g.yaml': yaml })) await writeFile(join(folder, name), text);
  return loadGateway(join(folder, 'g.yaml'), loadContext);
}

it('what the files of a sink say comes with its entry, without the line feed at the end', async () => {
  const sink = '{ id: city, sink: webhook, url: "https://h/", secretFile: s.txt }';
  const { gateway } = await loaded(sink, { 's.txt': 'a shared secret\n' });
  expect(gateway?.config.sinks[0]).toMatchObject({ secretFile: 's.txt', documents: { secretFile: 'a shared secret' } });
});

it('a file that is not there, or larger than any such file, is told where it is named', async () => {
  const sink = '{ id: city, sink: webhook, url: "https://h/", secretFile: s.txt, ca: big.pem }';
  const { gateway, errors } = await loaded(sink, { 'big.pem': 'x'.repeat(1_000_001) });
  expect(gateway).toBeUndefined();
  expect(errors.map(({ line, path, code }) => ({ line, path, code }))).toEqual([
    { line: 5, path: 'sinks[0].secretFile', code: 'LL-CONFIG-FILE' },
    { line: 5, path: 'sinks[0].ca', code: 'LL-CONFIG-FILE' },
  ]);
  expect(errors[1]?.message).toContain('1000001 bytes, 1000000 are the most');
});
