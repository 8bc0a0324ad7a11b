import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createConsole } from '../../edge/console/server.ts';
import { realClock } from '../../edge/core/clock.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { type Calibration, parseCalibration } from '../../edge/detection/calibration.ts';
import { inThread } from '../../simulator/exam/thread.ts';
import { createFixture, onLoopback } from '../console/fixture.ts';
import { killAll, lifeline } from '../gateway/processes.ts';

afterAll(killAll);

const startMs = Date.UTC(2026, 0, 5);
const roles = ['temperature', 'cable-temperature', 'oxygen', 'ch4'];

/** A gallery zone without CO, whose cable is a little warmer than its air, and `scada.csv` of `hours` in steps of `stepS`. */
async function zone(hours: number, stepS: number, spoil: (row: number, values: number[]) => void = () => undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-calibrate-'));
  const config = join(folder, 'gateway.yaml');
  const mapped = roles.map((role) => `${role}: plc/${role}`).join(', ');
  await writeFile(
    config,
    `gateway: { id: gw, timezone: Asia/Shanghai }
devices:
  - { id: plc, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: plc.csv }
assets:
  - { id: zone-1, type: gallery.compartment, grid: "1", location: [126, 45], roles: { ${mapped} } }
detection: { calibration: calibration.json }
`,
  );
  const rows = roles.map(
    (role, index) => `${role},holding,${2 * index},float32,abcd,${role.includes('temp') ? 'Cel' : '%'}`,
  );
  await writeFile(join(folder, 'plc.csv'), `tag,table,address,type,order,unit\n${rows.join('\n')}\n`);
  const random = seededRandom(1, 'zone');
  const lines = Array.from({ length: (hours * 3600) / stepS }, (_, row) => {
    const hour = (row * stepS) / 3600;
    const air = 15 + 2 * Math.sin((hour / 24) * 2 * Math.PI) + 0.05 * random.normal();
    const values = [air, air + 8 + 0.1 * random.normal(), 20.9 + 0.02 * random.normal(), 0.1 + 0.01 * random.normal()];
    spoil(row, values);
    return [new Date(startMs + row * stepS * 1000).toISOString(), ...values.map((value) => value.toFixed(3))].join(',');
  });
  await writeFile(join(folder, 'scada.csv'), [`time,${roles.join(',')}`, ...lines, ''].join('\n'));
  return { folder, config, csv: join(folder, 'scada.csv'), out: join(folder, 'calibration.json') };
}

const calibrate = (...options: string[]) => lifeline('calibrate', ...options, '--json').ended;
const read = async (file: string): Promise<Calibration> => parseCalibration(JSON.parse(await readFile(file, 'utf8')));

describe('lifeline calibrate', () => {
  it('finds residuals and the habits of tags in an export as fast as the polls, and names what it cannot find', async () => {
    const { config, csv, out } = await zone(26, 1);
    const { stdout, stderr, code } = await calibrate('-c', config, '--from', csv);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ tags: 4, claims: 1, districts: 0, out });
    expect(report.budget).toEqual({ wanted: null, tolerance: 1, expected: null, supported: null });
    const unmapped = { code: 'LL-PAST-ROLE' };
    expect(report.not).toMatchObject([
      { subject: 'zone-1/oxygen-loss', error: { ...unmapped, message: expect.stringContaining('co') } },
      { subject: 'zone-1/frozen-shutter/next', error: unmapped },
      { subject: 'zone-1/frozen-shutter/before', error: unmapped },
    ]);
    const { assets, tags, utcOffsetMinutes, made } = await read(out);
    const [part] = assets['zone-1']!.residuals!['hot-joint']!.parts;
    expect(assets['zone-1']!.residuals!['hot-joint']!.heldOut!.peaks).toHaveLength(7);
    expect(assets['zone-1']!.residuals!['hot-joint']!.heldOut!.blockDays).toBeCloseTo((0.4 * 26) / 24 / 7, 2);
    expect(part!.scale).toBeGreaterThan(0.08);
    expect(part!.scale).toBeLessThan(0.13);
    expect(tags['plc/oxygen']!.differenceScale).toBeGreaterThan(0.02);
    expect(tags['plc/oxygen']!.differenceScale).toBeLessThan(0.04);
    expect(tags['plc/oxygen']!.largestStep).toBeGreaterThan(0.05);
    expect(utcOffsetMinutes).toBe(480);
    expect(made).toMatchObject({ by: 'lifeline calibrate', first: '2026-01-05T00:01:00.000Z' });
  });

  it('learns from the stretches that are not excluded, and keeps what the calibration had beyond that', async () => {
    const heated = (row: number, values: number[]) => {
      if (row >= 2700 && row < 3420) values[1]! += row % 60;
    };
    const { config, csv, out } = await zone(72, 60, heated);
    const known = { differenceScale: 1, longestRun: 2, thereAndBack: 3 };
    const before = {
      schema: 'lifeline-calibration/1',
      made: {},
      utcOffsetMinutes: 480,
      assets: {},
      tags: { 'plc/ch4': known },
    };
    await writeFile(out, JSON.stringify(before));
    const scaleWith = async (...options: string[]) => {
      const { code, stdout, stderr } = await calibrate('-c', config, '--from', csv, ...options);
      expect(code, stderr).toBe(0);
      const { assets, tags } = await read(out);
      expect(tags).toEqual({ 'plc/ch4': known });
      return { scale: assets['zone-1']!.residuals!['hot-joint']!.parts[0]!.scale, report: JSON.parse(stdout) };
    };
    const spoilt = await scaleWith();
    const clean = await scaleWith('--exclude', '2026-01-07T05:00..2026-01-07T17:01');
    expect(clean.report.notes).toEqual(['721 of 4320 steps excluded']);
    expect(clean.scale).toBeLessThan(0.15);
    expect(spoilt.scale).toBeGreaterThan(10 * clean.scale);
    const codes = clean.report.not.map(({ error }: { error: { code: string } }) => error.code);
    expect(codes.sort()).toEqual([
      'LL-PAST-COARSE',
      'LL-PAST-COARSE',
      'LL-PAST-COARSE',
      'LL-PAST-COARSE',
      'LL-PAST-ROLE',
      'LL-PAST-ROLE',
      'LL-PAST-ROLE',
    ]);
  });

  it('leaves out of an asset what verdicts say was no normal operation, and maintenance of its device, asked of the console that runs', async () => {
    const { config, csv, out } = await zone(72, 60, (row, values) => {
      if (row >= 2700 && row < 3420) values[1]! += row % 60;
    });
    const clock = realClock();
    const { source } = createFixture(clock, { spareTags: 0 });
    const moment = (row: number) => startMs + row * 60_000;
    const labelled = [
      { asset: 'zone-1', kind: 'hot-joint', verdict: 'planned', from: moment(2705), to: moment(3000) },
      { asset: 'zone-2', kind: 'hot-joint', verdict: 'useful', from: moment(0), to: moment(4320) },
    ] as const;
    const maintenance = [{ subject: 'plc', from: moment(2990), to: moment(3421) }];
    const city = { ...source, verdicts: () => ({ ...source.verdicts(), labelled, maintenance }) };
    const server = createConsole({ ...onLoopback('viewer'), source: city, clock });
    const { url } = await server.start();
    const { code, stdout, stderr } = await calibrate('-c', config, '--from', csv, '--exclude-judged', url);
    await server.stop();
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).notes).toEqual([
      ...['2 judged periods excluded, each of its asset', '1 period of maintenance excluded'],
    ]);
    expect((await read(out)).assets['zone-1']!.residuals!['hot-joint']!.parts[0]!.scale).toBeLessThan(0.15);
    const gone = await calibrate('-c', config, '--from', csv, '--exclude-judged', url);
    expect([gone.code === 0, gone.stderr.includes('LL-LINK-UNREACHABLE')]).toEqual([false, true]);
  });

  it('does not learn a joint that has become warmer as normal', async () => {
    const { config, csv, out } = await zone(26, 60);
    const warmed = await zone(26, 60, (_, values) => {
      values[1]! += 1;
    });
    expect((await calibrate('-c', config, '--from', csv)).code).toBe(0);
    const before = await read(out);
    const { code, stdout } = await calibrate('-c', config, '--from', warmed.csv);
    const codes = JSON.parse(stdout).not.map(({ error }: { error: { code: string } }) => error.code);
    expect(codes).toContain('LL-PAST-DRIFT');
    expect(code).toBe(1);
    expect(await read(out)).toEqual(before);
  });

  it('leaves the calibration alone when a history tells nothing', async () => {
    const { config, csv, out } = await zone(1, 60);
    await writeFile(out, 'what is there');
    const { code, stdout } = await calibrate('-c', config, '--from', csv);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ tags: 0, claims: 0, out: null });
    expect(await readFile(out, 'utf8')).toBe('what is there');
  });

  it('changes nothing when it is broken off', async () => {
    const { config, csv, folder } = await zone(26, 60);
    const stopping = new AbortController();
    const beside = new URL('../../edge/cli/calibrate.ts', import.meta.url).href;
    const wish = { config, from: csv, data: 'data', seed: 1 };
    const run = inThread(beside, 'calibrate/calibrating-thread', wish, () => stopping.abort(), stopping.signal);
    await expect(run).rejects.toThrow('aborted');
    expect((await readdir(folder)).sort()).toEqual(['gateway.yaml', 'plc.csv', 'scada.csv']);
  });

  it('is refused with a code where there is no history', async () => {
    const { config, out } = await zone(1, 60);
    const { stderr, code } = await calibrate('-c', config, '--data', 'nowhere');
    expect(stderr).toContain('LL-PAST-READ');
    expect(code).toBe(1);
    expect(existsSync(out)).toBe(false);
  });
});
