import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drivers } from '../../drivers/registry.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { sinks } from '../../edge/upstream/registry.ts';
import { modelsFolder, replay } from '../../models/training/replay.ts';
import { createCity } from '../../simulator/city/city.ts';
import { harbinWeather } from '../../simulator/city/weather.ts';
import { writeGateway } from '../../simulator/city/write-gateway.ts';

const utilities = ['drainage'];

describe('a gateway that knows the drainage by its pack alone', () => {
  it('takes the configuration that the city writes, without an error or a warning', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-drainage-'));
    const city = await createCity({ seed: 1, startMs: Date.UTC(2027, 0, 12), utilities });
    const plcs = city.plcs.map((plc, index) => ({ plc, endpoint: `tcp://127.0.0.1:${10_502 + index}` }));
    await writeGateway(folder, {
      ...{ plcs, assets: city.assets, broker: 'mqtt://127.0.0.1:1883', consolePort: 8080, schema: 'schema.json' },
    });
    city.dispose();
    const { errors, warnings, gateway } = await loadGateway(join(folder, 'gateway.yaml'), {
      drivers,
      sinks,
      modelsFolder,
    });
    expect(errors).toEqual([]);
    expect(warnings).toEqual([]);
    expect(gateway!.devices.length).toBe(14);
    expect(gateway!.tags.size).toBeGreaterThan(250);
  });

  it('finds the water on the road of an underpass whose pumps have no power, and nothing elsewhere', async () => {
    const startMs = Date.parse('2026-10-14T06:00:00+08:00');
    const { findings, truths } = await replay({
      ...{ seed: 2, startMs, forS: 1500, utilities },
      happenings: [
        {
          id: 'flood',
          kind: 'drainage.underpass-flood',
          target: 'up-1',
          magnitude: 90,
          startMs: startMs + 60_000,
          durationS: 0,
        },
      ],
    });
    const raised = findings.filter(({ active }) => active);
    expect([...new Set(raised.map(({ asset }) => asset))]).toEqual(['up-1']);
    expect(truths[0]!.affected).toContain('up-1');
    const delayS = (kind: string) => (raised.find((finding) => finding.kind === kind)!.time - startMs) / 1000 - 60;
    expect(raised[0]!.kind).toBe('underpass-flood');
    expect(delayS('underpass-flood')).toBeLessThan(delayS('road-flooded'));
    expect(delayS('road-flooded')).toBeLessThan(delayS('road-closed'));
    expect(delayS('road-closed')).toBeLessThan(900);
    expect(raised.find(({ kind }) => kind === 'road-closed')!.evidence[0]!.observed).toBeGreaterThan(0.27);
  });

  it('raises nothing through two hours of rain, and through a storm of 40 mm/h', async () => {
    for (const [start, leastMm] of [
      ['2026-07-24T18:00:00+08:00', 4],
      ['2026-07-19T14:00:00+08:00', 14],
    ] as const) {
      const startMs = Date.parse(start);
      const weather = harbinWeather(1);
      let fallenMm = 0;
      for (let minute = 0; minute < 120; minute++) fallenMm += weather(startMs + minute * 60_000).rainMmH / 60;
      expect(fallenMm).toBeGreaterThan(leastMm);
      const { findings } = await replay({ seed: 1, startMs, forS: 2 * 3600, utilities, happenings: [] });
      expect(findings).toEqual([]);
    }
  });
});
