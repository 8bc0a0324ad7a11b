import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { heldDatabases, heldModels } from '../../simulator/exam/held.ts';
import { setStage } from '../../simulator/exam/stage.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';

const hourMs = 3_600_000;
/** The night in which clocks in Berlin go from two to three. */
const startMs = Date.UTC(2026, 2, 29, 0, 50);
const usual = { inflow: 30, pressure: 0.4, 'pressure-critical': 0.4 };
const roles = Object.keys(usual) as (keyof typeof usual)[];
const units = { inflow: 'm3/h', pressure: 'MPa', 'pressure-critical': 'MPa' };
/** Of `pressure-high` in the pack of water: stands above 0.6 MPa for a minute, gone after a minute below. */
const alarm = 'dma-1/pressure-high';
const delayMs = 60_000;

/** A gateway with one PLC in virtual time, whose wall clock somebody sets. */
async function gatewayAt(startWallMs: number) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-clock-'));
  const values = { ...usual };
  const points = roles.map((role, address) => point(role, { address, scale: 0.01, read: () => values[role] }));
  const scan = createScan(plcOf('plc', 1, points), seededRandom(1));
  const clock = new VirtualClock(startWallMs);
  const stage = setStage([scan], startWallMs);
  const rows = roles.map((role, at) => `${role},holding,${at},uint16,0.01,1s,${units[role]}`);
  await writeFile(join(folder, 'plc.csv'), `tag,table,address,type,scale,group,unit\n${rows.join('\n')}\n`);
  const yaml = `gateway: { id: gw, timezone: Europe/Berlin }
devices: [{ id: plc, driver: modbus, endpoint: "${stage.endpoints[0]}", points: plc.csv }]
assets: [{ id: dma-1, type: water.district, roles: { ${roles.map((role) => `${role}: plc/${role}`).join(', ')} } }]
`;
  await writeFile(join(folder, 'gateway.yaml'), yaml);
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'gateway.yaml'), loadContext);
  expect(errors).toEqual([]);
  const events: { readonly event: Event; readonly atMs: number }[] = [];
  const gateway = await buildGateway(
    loaded!,
    {
      ...{ clock, log: silentLog, dataDir: join(folder, 'data'), version: '0', random: seededRandom(2) },
      ...{ network: stage.network, openDatabase: heldDatabases(clock), spawn: heldModels(clock) },
      observer: {
        finding: () => undefined,
        event: (event) => void events.push({ event, atMs: clock.monotonicMs() }),
      },
    },
    { console: false },
  );
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second++) {
      scan.scan();
      stage.publish(clock.wallMs());
      await clock.advance(1000);
    }
  };
  const samples = () => gateway.status().devices[0]!.samples;
  await gateway.idle();
  await gateway.start();
  await seconds(10);
  const when = (type: Event['type']) =>
    events.filter(({ event }) => event.type === type && event.data['kind'] === 'pressure-high').at(-1)?.atMs;
  const jumps = () =>
    events.filter(({ event }) => event.type === 'gateway.clock-jumped').map(({ event }) => event.data);
  return { clock, gateway, values, seconds, samples, events, when, jumps };
}

it.each([
  ['an hour ahead', hourMs],
  ['an hour back', -hourMs],
  ['back to 1970', 1_000_000 - startMs],
  ['ten years ahead', 10 * 365 * 24 * hourMs],
  ['a leap second inserted', -1_000],
  ['a leap second left out', 1_000],
])('R8: a clock that goes %s moves no delay and no poll, repeats no identity, and is told once', async (_, byMs) => {
  const { clock, gateway, values, seconds, samples, events, when, jumps } = await gatewayAt(startMs);
  for (const [type, pressure, jump] of [
    ['alarm.raised', 0.7, byMs],
    ['alarm.cleared', 0.4, -byMs],
  ] as const) {
    values.pressure = pressure;
    const [beganMs, before] = [clock.monotonicMs(), samples()];
    await seconds(30);
    clock.jumpWall(jump);
    await seconds(50);
    expect(when(type), `${type} of ${alarm}`).toBeGreaterThanOrEqual(beganMs + delayMs);
    expect(when(type)).toBeLessThanOrEqual(beganMs + delayMs + 2_000);
    expect(samples() - before).toBe(80 * roles.length);
    await seconds(20);
  }
  expect(jumps().map(({ byMs: by }) => by)).toEqual([byMs, -byMs]);
  for (const { fromMs, toMs, byMs: by } of jumps()) expect(Number(toMs) - Number(fromMs)).toBe(by);
  await gateway.stop();
  expect(events.map(({ event }) => event.sequence)).toEqual(events.map((__, index) => index + 1));
  expect(new Set(events.map(({ event }) => event.epoch)).size).toBe(1);
  expect(events.filter(({ event }) => event.type === 'alarm.raised')).toHaveLength(1);
});

it('R8: the night in which the clocks of the site are changed is a night like others', async () => {
  const { clock, gateway, seconds, samples, jumps, events } = await gatewayAt(startMs);
  const before = samples();
  await seconds(1_200);
  expect(clock.wallMs()).toBeGreaterThan(Date.UTC(2026, 2, 29, 1, 5));
  expect(samples() - before).toBe(1_200 * roles.length);
  expect(jumps()).toEqual([]);
  await gateway.stop();
  expect(events.filter(({ event }) => event.type.startsWith('alarm.'))).toEqual([]);
});
