import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = new URL('../../edge/cli/main.ts', import.meta.url).pathname;
const withinMs = 300_000;

describe('lifeline exam', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lifeline-exam-command-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The command in a process of its own. */
  const exam = (...args: string[]) =>
    new Promise<{ code: number; out: string; said: string }>((resolve) => {
      const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
      const options = { env, maxBuffer: 1e8 };
      execFile(process.execPath, [main, 'exam', ...args], options, (error, out, said) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, out, said }),
      );
    });

  it(
    'comes out the same in two processes, the second on the calibration that the first one left',
    async () => {
      const args = ['--utility', 'gas', '--seed', '9', '--json'];
      const first = JSON.parse((await exam(...args)).out);
      const second = JSON.parse((await exam(...args)).out);
      expect(first).toMatchObject({
        suite: 'smoke',
        seed: 9,
        simulatedHours: 2,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      const { wallS: _first, calibrationS: _made, realTimeFactor: _pace, maxMemoryMb: _held, ...measured } = first;
      expect(second).toMatchObject(measured);
    },
    withinMs,
  );

  it(
    'writes its reports, and fails with 1 when a requirement is not met',
    async () => {
      const [junit, html] = [join(folder, 'exam.xml'), join(folder, 'exam.html')];
      const required = 'falsePerAssetWeek<=1000,gas.detected>=1000';
      const args = ['--utility', 'gas', '--seed', '9', '--require', required, '--junit', junit, '--html', html];
      const { code, said } = await exam(...args);
      expect(code).toBe(1);
      expect(said).toMatch(/^met {2}falsePerAssetWeek<=1000/m);
      expect(said).toMatch(/^NOT MET {2}gas.detected>=1000/m);
      expect(await readFile(junit, 'utf8')).toContain('name="gas.detected&gt;=1000"><failure');
      expect(await readFile(html, 'utf8')).toMatch(/^<!doctype html>/);
    },
    withinMs,
  );

  it.each([
    [['--require', 'recal>=1'], 1, /LL-EXAM-REQUIRE.*did you mean "recall"/],
    [['--require', 'recall'], 1, /LL-EXAM-REQUIRE.*figure>=number/],
    [['--scenario', 'no-such.yaml'], 3, /no-such\.yaml:1:1: cannot read/],
    [['--suite', 'smok'], 2, /Did you mean smoke|choices/],
    [['--utility', 'watr'], 2, /did you mean "water"/],
  ])(
    'says what is wrong with %j before it runs',
    async (args, expected, message) => {
      const { code, said } = await exam('--utility', 'gas', ...args);
      expect([code, said]).toEqual([expected, expect.stringMatching(message)]);
    },
    withinMs,
  );

  it(
    'tells every mistake of a gateway.yaml where it stands, and a device that this city does not have',
    async () => {
      const file = join(folder, 'gateway.yaml');
      const device = '{ id: far, driver: modbus, endpoint: "tcp://10.0.0.7:502", points: far.csv }';
      await writeFile(join(folder, 'far.csv'), 'tag,table,address,type\nlevel,holding,0,uint16\n');
      await writeFile(file, `gateway: { id: g-1 }\ndevices:\n  - ${device}\n`);
      const strange = await exam('--utility', 'gas', '--gateway', file);
      expect([strange.code, strange.said]).toEqual([1, expect.stringMatching(/LL-SIM-NO-PLC.*far.*10\.0\.0\.7:502/)]);
      await writeFile(
        file,
        'gateway: { id: g-1 }\ndevices:\n  - { id: a, driver: modbus, endpont: "tcp://127.0.0.1:1" }\n',
      );
      const { code, said } = await exam('--utility', 'gas', '--gateway', file);
      expect(code).toBe(3);
      expect(said).toMatch(/gateway\.yaml:3:\d+ .*endpont/);
    },
    withinMs,
  );
});
