import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { openCity } from '../../simulator/exam/city-feed.ts';
import { writeOwnGateway } from '../../simulator/exam/own-gateway.ts';
import { startMs } from './desk.ts';

describe("the city's own gateway", () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  it('polls every second what must be seen at once, every 5 s what fills another role, every minute the rest', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-own-gateway-'));
    folders.push(folder);
    const city = await openCity({ seed: 1, startMs, stepS: 1, utilities: ['water', 'gas', 'gallery'] });
    const file = await writeOwnGateway(folder, city, loadContext.modelsFolder);
    await city.close();
    const { gateway, errors } = await loadGateway(file, loadContext);
    expect(errors).toEqual([]);
    const periodOf = (asset: string, role: string) => {
      const tag = gateway?.assets.find(({ id }) => id === asset)?.roles[role];
      return tag === undefined ? undefined : gateway?.tags.at(tag).periodMs;
    };
    expect(periodOf('dma-1', 'inflow')).toBe(1000);
    expect(periodOf('reg-1', 'lel')).toBe(1000);
    expect(periodOf('reg-1', 'flow')).toBe(5000);
    const roles = new Set(gateway?.assets.flatMap((asset) => Object.values(asset.roles)));
    // a register map that comes with the product says itself how often it is read
    const profiled = new Set(city.scans.flatMap(({ plc }) => (plc.profile ? [plc.id] : [])));
    const definitions = gateway?.tags.definitions ?? [];
    const others = definitions.filter(({ device }, tag) => !roles.has(tag) && !profiled.has(device));
    expect(others.length).toBeGreaterThan(100);
    expect(others.filter(({ periodMs }) => periodMs < 60_000).map(({ name }) => name)).toEqual([]);
  });
});
