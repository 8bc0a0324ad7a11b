import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-secrets-'));
  await writeFile(join(folder, 'points.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
});

async function load(password: string, credentials?: string) {
  const file = join(folder, 'gateway.yaml');
  const lines = [
    ...['gateway: { id: gw }', 'devices:'],
    '  - { id: ps-3, driver: modbus, endpoint: "tcp://127.0.0.1:502", unit: 1, points: points.csv }',
    ...['sinks:', '  - id: city', '    sink: mqtt-json', '    url: mqtt://127.0.0.1:1883', '    username: gw'],
    `    password: ${password}`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return loadGateway(file, { ...loadContext, credentials });
}

async function writeSecrets(text: string, mode = 0o600) {
  await writeFile(join(folder, 'secrets.yaml'), text);
  await chmod(join(folder, 'secrets.yaml'), mode);
}

const passwordOf = ({ gateway }: Awaited<ReturnType<typeof load>>) => gateway?.config.sinks[0]?.['password'];

describe('a secret in gateway.yaml', () => {
  it('is what secrets.yaml beside it says, letter by letter', async () => {
    await writeSecrets('city-broker: "p#ss: {word}"\nother: x\n');
    expect(passwordOf(await load('!secret city-broker'))).toBe('p#ss: {word}');
    expect(passwordOf(await load('!secret "city-broker"'))).toBe('p#ss: {word}');
  });

  it('is rather what the service manager hands in, without the end of its line', async () => {
    await writeSecrets('city-broker: old\n');
    const credentials = join(folder, 'credentials');
    await mkdir(credentials);
    await writeFile(join(credentials, 'city-broker'), 'handed in\n');
    expect(passwordOf(await load('!secret city-broker', credentials))).toBe('handed in');
  });

  it.each([
    ['nobody knows', '!secret other'],
    ['that is a path', '!secret ../secrets.yaml'],
  ])('is a mistake with its place when it is one that %s, and never taken for the word itself', async (_, password) => {
    await writeSecrets('city-broker: x\n');
    const { gateway, errors } = await load(password, folder);
    expect(gateway).toBeUndefined();
    expect(errors).toMatchObject([{ code: 'LL-CONFIG-SECRET', line: 9, column: 15 }]);
  });

  it('is not read from a file that others may read, or that is none', async () => {
    await writeSecrets('city-broker: x\n', 0o644);
    const open = await load('!secret city-broker');
    expect(open.errors).toMatchObject([{ code: 'LL-CONFIG-SECRET', message: expect.stringContaining('chmod 600') }]);
    await writeSecrets('city-broker: [x]\n');
    expect((await load('!secret city-broker')).errors).toMatchObject([
      { file: join(folder, 'secrets.yaml'), line: 1, code: 'LL-CONFIG-VALUE' },
    ]);
  });

  it('is the only tag there is: a slip in its name is told', async () => {
    expect((await load('!secrets city-broker')).errors).toMatchObject([{ code: 'LL-CONFIG-SYNTAX', line: 9 }]);
  });
});
