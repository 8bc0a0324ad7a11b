import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freeBasePort, killAll, lifeline } from './processes.ts';

afterAll(killAll);

describe('lifeline', () => {
  it('leads its help with examples and names every command', async () => {
    const { code, stdout } = await lifeline('--help').ended;
    expect(code).toBe(0);
    expect(stdout.indexOf('Examples')).toBeLessThan(stdout.indexOf('Usage'));
    for (const verb of ['demo', 'run', 'check', 'sim', 'bench']) expect(stdout).toMatch(new RegExp(`^  ${verb}`, 'm'));
  });

  it('suggests a command for a word it does not know, and exits with 2', async () => {
    const { code, stderr } = await lifeline('chekc').ended;
    expect(code).toBe(2);
    expect(stderr).toContain('check');
  });

  it('exits with 2 when an option is wrong, naming what was expected', async () => {
    const { code, stderr } = await lifeline('run', '-c', 'x.yaml', '--for', 'soon').ended;
    expect(code).toBe(2);
    expect(stderr).toContain('60s');
  });
});

describe('lifeline check', () => {
  it('prints every error as file:line:col with the fix, and exits with 3', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-check-'));
    const file = join(folder, 'gateway.yaml');
    await writeFile(
      file,
      'gateway: { id: gw }\ndevices:\n  - { id: a, driver: modbus, endpiont: "tcp://x", points: p.csv }\n',
    );
    const { code, stderr, stdout } = await lifeline('check', '-c', file).ended;
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /gateway\.yaml:3:\d+ devices\[0\]\.endpiont: unknown key "endpiont" .*did you mean "endpoint"\?/,
    );
    const json = await lifeline('check', '-c', file, '--json').ended;
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, warnings: [] });
  });

  it('says that a missing file cannot be read, and run exits with 3 on it too', async () => {
    const { code, stderr } = await lifeline('run', '-c', '/nowhere/gateway.yaml').ended;
    expect(code).toBe(3);
    expect(stderr).toContain('LL-CONFIG-FILE');
  });
});

describe('lifeline sim', () => {
  it('lists every register of every PLC as JSON once they listen', async () => {
    const base = await freeBasePort(30, 21_000);
    const { code, stdout } = await lifeline('sim', '--list', '--json', '--for', '0s', '--base-port', String(base))
      .ended;
    expect(code).toBe(0);
    const plcs = JSON.parse(stdout) as {
      id: string;
      utility: string;
      protocol: string;
      endpoint: string;
      points: object[];
    }[];
    expect(plcs.length).toBeGreaterThanOrEqual(40);
    expect(plcs[0]).toMatchObject({ protocol: 'modbus-tcp', endpoint: `tcp://127.0.0.1:${base}`, unit: 1 });
    expect(plcs.flatMap((plc) => plc.points).length).toBeGreaterThanOrEqual(5000);
    expect(new Set(plcs.map((plc) => plc.protocol))).toEqual(new Set(['modbus-tcp', 'opcua']));
  });

  it('names PLC and port when a port is taken, and leaves nothing running', async () => {
    const base = await freeBasePort(30, 23_000);
    const thief = createServer().listen(base + 1, '127.0.0.1');
    const { code, stderr } = await lifeline('sim', '--base-port', String(base)).ended;
    thief.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`LL-SIM-PORT-TAKEN PLC .* cannot listen on 127\\.0\\.0\\.1:${base + 1}`));
  });
});
