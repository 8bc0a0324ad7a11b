import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { compileProduct } from '../../ops/install/compiled-product.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { killAll, node } from '../gateway/processes.ts';
import { plcOf, point } from '../plc/plc.ts';

const installed = mkdtempSync(join(tmpdir(), 'lifeline-build-'));
const device = 'id: ps-3, driver: modbus, points: ps-3.csv';
let launcher = '';
const lifeline = (...args: string[]) => spawnSync(process.execPath, [launcher, ...args], { encoding: 'utf8' });

/** A configuration of one device. */
function configured(entry: string): string {
  const file = join(installed, 'gateway.yaml');
  writeFileSync(join(installed, 'ps-3.csv'), 'tag,table,address,type,unit\nflow,holding,0,uint16,m3/h\n');
  writeFileSync(file, `gateway: { id: g-1 }\ndevices:\n  - { ${entry} }\n`);
  return file;
}

beforeAll(() => {
  launcher = compileProduct(installed);
});

afterAll(() => {
  killAll();
  rmSync(installed, { recursive: true, force: true });
});

describe('the compiled product', () => {
  it('tells the version of the package it was made from', () => {
    expect(lifeline('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('reads a configuration with drivers, sinks and packs', () => {
    const endpoint = 'endpoint: "tcp://10.0.3.17:502"';
    const good = lifeline('check', '-c', configured(`${device}, ${endpoint}`), '--json');
    expect(JSON.parse(good.stdout), good.stderr).toMatchObject({ ok: true, errors: [] });
    const gateway = configured(`${device}, ${endpoint}, unti: 1`);
    const bad = lifeline('check', '-c', gateway, '--json');
    expect(JSON.parse(bad.stdout), bad.stderr).toMatchObject({
      ok: false,
      errors: [{ code: 'LL-CONFIG-KEY', line: 3 }],
    });
    expect(bad.status).toBe(3);
  });

  it('runs a gateway that reads a PLC, and loads no stack that its configuration does not use', async () => {
    const server = await serveModbus(createScan(plcOf('ps-3', 1, [point('flow', {})]), seededRandom(1)), { port: 0 });
    const probe = join(installed, 'probe.cjs');
    const loaded = join(installed, 'loaded');
    const write = `require('node:fs').appendFileSync(${JSON.stringify(loaded)}, Object.keys(require.cache).join('\\n'))`;
    writeFileSync(probe, `process.on('exit', () => ${write});`);
    const state = ['-c', configured(`${device}, endpoint: "${server.endpoint}"`), '--data', join(installed, 'data')];
    const gateway = node('--require', probe, launcher, 'run', ...state, '--no-console', '--json');
    await gateway.line(/first sample/);
    const { code, stdout, stderr } = await gateway.stop();
    await server.close();
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).devices).toMatchObject([{ id: 'ps-3', state: 'online', badSamples: 0 }]);
    const modules = readFileSync(loaded, 'utf8');
    expect(modules).toContain('node_modules/rxjs/');
    expect(modules).not.toMatch(
      /node_modules\/(node-opcua|onnxruntime|mqtt|fastify|serialport|aedes|epanet|write-excel|read-excel)/,
    );
  });
});
