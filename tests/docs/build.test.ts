import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../ops/reference/page.ts';

const installed = mkdtempSync(join(tmpdir(), 'lifeline-build-'));
const main = join(installed, 'dist/edge/cli/main.js');
const lifeline = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

beforeAll(() => {
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const project = join(repository, 'tsconfig.build.json');
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', join(installed, 'dist')], { stdio: 'inherit' });
  copyFileSync(join(repository, 'package.json'), join(installed, 'package.json'));
  for (const folder of ['node_modules', 'models']) symlinkSync(join(repository, folder), join(installed, folder));
});

afterAll(() => rmSync(installed, { recursive: true, force: true }));

describe('the compiled product', () => {
  it('tells the version of the package it was made from', () => {
    expect(lifeline('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('reads a configuration with drivers, sinks and packs', () => {
    const gateway = join(installed, 'gateway.yaml');
    writeFileSync(join(installed, 'ps-3.csv'), 'tag,table,address,type,unit\nflow,holding,0,float32,m3/h\n');
    const device = 'id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: ps-3.csv';
    writeFileSync(gateway, `gateway: { id: g-1 }\ndevices:\n  - { ${device} }\n`);
    const good = lifeline('check', '-c', gateway, '--json');
    expect(JSON.parse(good.stdout), good.stderr).toMatchObject({ ok: true, errors: [] });
    writeFileSync(gateway, `gateway: { id: g-1 }\ndevices:\n  - { ${device}, unti: 1 }\n`);
    const bad = lifeline('check', '-c', gateway, '--json');
    expect(JSON.parse(bad.stdout), bad.stderr).toMatchObject({
      ok: false,
      errors: [{ code: 'LL-CONFIG-KEY', line: 3 }],
    });
    expect(bad.status).toBe(3);
  });
});
