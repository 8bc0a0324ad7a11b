import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { screenOf } from '../../edge/cli/watch/screen.ts';
import { selectTags } from '../../edge/cli/watch/selection.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { DeviceStatus } from '../../edge/core/status.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { killAll, lifeline } from '../gateway/processes.ts';
import { plcOf, point } from '../plc/plc.ts';

let server: PlcServer;
let folder: string;
let config: string;

beforeAll(async () => {
  const points = [
    point('flow', { address: 0, type: 'float32', read: () => 12.5 }),
    point('serial', { address: 2, type: 'string-gbk', length: 6, text: () => '泵7号' }),
    point('run', { table: 'discrete', address: 0, type: 'bool', read: () => 1 }),
  ];
  server = await serveModbus(createScan(plcOf('ps-1', 1, points), seededRandom(1)), { port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'lifeline-watch-'));
  config = join(folder, 'gateway.yaml');
  await writeFile(
    join(folder, 'ps-1.csv'),
    'tag,table,address,type,unit,states,length\nflow,holding,0,float32,m3/h,,\nrun,discrete,0,bool,,0=stop;1=run,\nserial,holding,2,string-gbk,,,6\n',
  );
  await writeFile(
    config,
    `gateway: { id: gw, name: gw, timezone: Asia/Harbin }\ndevices:\n  - { id: ps-1, driver: modbus, endpoint: "${server.endpoint}", unit: 1, points: ps-1.csv }\ncalculated:\n  - { tag: dma-2/inflow, expression: "[ps-1/flow] * [ps-1/run]", unit: m3/h }\n  - { tag: dma-2/inflow-ls, expression: "[dma-2/inflow]", unit: L/s }\n`,
  );
});

afterAll(async () => {
  killAll();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('lifeline watch', () => {
  it('prints a JSON line per value of the tags named, until it is stopped', async () => {
    const running = lifeline('watch', '-c', config, 'ps-1/flow', '--data', join(folder, 'data'));
    const line = JSON.parse(await running.line(/"tag"/)) as object;
    expect(line).toMatchObject({ tag: 'ps-1/flow', value: 12.5, unit: 'm3/h', quality: 'good' });
    const { code, stdout } = await running.stop();
    expect(code).toBe(0);
    expect(stdout).not.toContain('ps-1/run');
  });

  it('prints a text as it is', async () => {
    const running = lifeline('watch', '-c', config, 'ps-1/serial', '--data', join(folder, 'data'));
    const line = JSON.parse(await running.line(/"tag"/)) as object;
    expect(line).toMatchObject({ tag: 'ps-1/serial', value: '泵7号', unit: '', quality: 'good' });
    await running.stop();
  });

  it('computes a calculated tag, asking only for what it is computed from', async () => {
    const running = lifeline('watch', '-c', config, 'dma-2/inflow-ls', '--data', join(folder, 'data'));
    const { value, ...line } = JSON.parse(await running.line(/"quality":"good"/)) as { value: number };
    expect(value).toBeCloseTo(12.5 / 3.6, 9);
    expect(line).toMatchObject({ tag: 'dma-2/inflow-ls', unit: 'L/s', quality: 'good' });
    expect((await running.stop()).stdout).not.toContain('ps-1/flow');
  });

  it('suggests a tag for one that is not there', async () => {
    const { code, stderr } = await lifeline('watch', '-c', config, 'ps-1/folw').ended;
    expect(code).toBe(2);
    expect(stderr).toContain('ps-1/flow');
  });

  it('exits with 4 when no device answered', async () => {
    const dead = join(folder, 'dead.yaml');
    await writeFile(
      dead,
      'gateway: { id: gw, name: gw, timezone: Asia/Harbin }\ndevices:\n  - { id: ps-1, driver: modbus, endpoint: "tcp://127.0.0.1:1", unit: 1, points: ps-1.csv }\n',
    );
    const { code, stdout } = await lifeline('watch', '-c', dead, '--for', '1s', '--data', join(folder, 'data')).ended;
    expect(code).toBe(4);
    expect(stdout).not.toContain('"good"');
  });
});

describe('the tags shown', () => {
  const names = ['ps-1/flow', 'ps-1/p-out', 'ps-2/flow', 'ps-2/p-out'];

  it('are those named, of a device, or of a pattern, each once and in order', () => {
    expect(selectTags(names, [])).toEqual({ tags: [0, 1, 2, 3] });
    expect(selectTags(names, ['ps-2', 'ps-1/flow'])).toEqual({ tags: [0, 2, 3] });
    expect(selectTags(names, ['*/p-*', 'ps-1/p-out'])).toEqual({ tags: [1, 3] });
    expect(selectTags(names, ['ps-1/flo'])).toMatchObject({ unknown: 'ps-1/flo', suggestion: 'ps-1/flow' });
    expect(selectTags(names, ['ps-.'])).toMatchObject({ unknown: 'ps-.' });
  });
});

describe('the screen', () => {
  const tag = (name: string, over: object) => ({
    ...{ name, device: 'ps-1', point: name, unit: 'MPa', scale: 1, offset: 0, low: 0, high: 1, deadband: 0 },
    ...{ periodMs: 1000, description: '' },
    ...over,
  });
  const tags = new TagTable([
    tag('ps-1/p', {}),
    tag('ps-1/run', { unit: '', states: { '1': '运行' } }),
    tag('ps-1/x', {}),
  ]);
  const live = new LiveTable(3);
  live.values.set([0.45, 1, Number.NaN]);
  live.quality.set([Quality.good, Quality.good, Quality.comm]);
  live.times.set([9_600, 1, 0]);
  const device = { id: 'ps-1', state: 'backing-off', lastError: 'LL-X gone' } as DeviceStatus;

  it('shows value, state name, unit, quality and age, and devices that are away', () => {
    const lines = screenOf(tags, live, [0, 1, 2], [device], { nowMs: 10_000, rows: 20 });
    expect(lines[0]).toBe('ps-1: backing-off – LL-X gone');
    expect(lines[2]).toMatch(/^ps-1\/p +0\.45 +MPa +good +0\.4 s$/);
    expect(lines[3]).toMatch(/^ps-1\/run +运行 +good +10\.0? s$|^ps-1\/run +运行 +good +10 s$/);
    expect(lines[4]).toMatch(/^ps-1\/x +– +MPa +comm +never$/);
  });

  it('shows texts in quotes and times in UTC, and neither while their quality is bad', () => {
    const shown = ['text', 'time'] as const;
    const others = new TagTable(shown.map((shows) => tag(`ps-1/${shows}`, { unit: '', shows })));
    const columns = { tags: Int32Array.of(0, 1), times: Float64Array.of(1, 1) };
    const table = new LiveTable(2);
    const bodyOf = () => screenOf(others, table, [0, 1], [], { nowMs: 1, rows: 20 }).slice(1);
    const values = Float64Array.of(textValue('泵7'), Date.UTC(2026, 0, 15, 8, 5, 9));
    const texts = new Map([[0, '泵7']]);
    table.write({ ...columns, device: 'ps-1', received: 1, values, quality: new Uint8Array(2), texts });
    expect(bodyOf()[0]).toMatch(/^ps-1\/text +"泵7" +good/);
    expect(bodyOf()[1]).toMatch(/^ps-1\/time +2026-01-15T08:05:09\.000Z +good/);
    const gone = { values: new Float64Array(2).fill(Number.NaN), quality: new Uint8Array(2).fill(Quality.comm) };
    table.write({ ...columns, device: 'ps-1', received: 2, ...gone });
    for (const line of bodyOf()) expect(line).toMatch(/^ps-1\/\w+ +– +comm/);
  });

  it('never has more lines than the terminal, and says what does not fit', () => {
    const lines = screenOf(tags, live, [0, 1, 2], [device], { nowMs: 10_000, rows: 6 });
    expect(lines.length).toBeLessThan(6);
    expect(lines.at(-1)).toContain('1 more');
  });
});
