import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freeBasePort, killAll, lifeline } from '../../gateway/processes.ts';
import { townInp } from './networks.ts';

afterAll(killAll);

const folder = () => mkdtemp(join(tmpdir(), 'lifeline-network-'));

describe('lifeline sim --water', () => {
  it('lists the PLCs of a file and writes a gateway for them that lifeline check accepts', async () => {
    const where = await folder();
    const file = join(where, 'net.inp');
    await writeFile(file, townInp(3, { columns: 10, rows: 6, tanks: 2, supply: 'three-point', valve: 'PRV' }));
    const base = await freeBasePort(10, 26_000);
    const gateway = join(where, 'gateway');
    const options = ['--utilities', 'water', '--list', '--json', '--for', '0s', '--base-port', String(base)];
    const run = await lifeline('sim', '--water', file, '--write-gateway', gateway, ...options).ended;
    expect(run.code).toBe(0);
    const plcs = JSON.parse(run.stdout) as { id: string; points: object[] }[];
    expect(plcs.map(({ id }) => id)).toEqual([
      ...['water-ps-1', 'water-source-1', 'water-tank-1', 'water-tank-2', 'water-dma-1', 'water-dma-2'],
    ]);
    const check = await lifeline('check', '-c', join(gateway, 'gateway.yaml'), '--json').ended;
    expect(JSON.parse(check.stdout)).toMatchObject({ ok: true, errors: [] });
  });

  it('answers a broken file with its line, and exits with 1', async () => {
    const file = join(await folder(), 'net.inp');
    await writeFile(file, '[JUNCTIONS]\nJ1 0 x\n');
    const { code, stdout, stderr } = await lifeline('sim', '--water', file, '--for', '0s').ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('LL-EPANET-FILE');
    expect(stderr).toContain('net.inp:2 ');
  });

  it('answers a file that is not there', async () => {
    const { code, stderr } = await lifeline('sim', '--water', '/nowhere/net.inp').ended;
    expect(code).toBe(1);
    expect(stderr).toContain('LL-EPANET-FILE /nowhere/net.inp cannot be read');
  });
});
