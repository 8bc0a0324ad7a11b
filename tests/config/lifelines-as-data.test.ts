import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { loadPacks } from '../../edge/config/packs.ts';
import { formatProblem } from '../../edge/config/problem.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { calibrateAsset } from '../../models/training/residuals/calibrate-asset.ts';
import { bench, calibrationFile, startMs } from '../detection/plant.ts';

const { packs } = await loadPacks('models');
const span = packs.get('bridge')!.assets['span']!;
const hydrant = packs.get('fire-water')!.assets['hydrant']!;

const configuration = `gateway: { id: gw-1, timezone: Asia/Shanghai }
devices:
  - { id: songpu, driver: modbus, endpoint: "tcp://127.0.0.1:502", points: songpu.csv }
assets:
  - { id: songpu-span-3, type: bridge.span, roles: { deflection: songpu/d3, temperature: songpu/t3 } }
  - { id: hydrant-12, type: fire-water.hydrant, roles: { pressure: songpu/h12 } }
sinks:
  - { id: city, sink: mqtt-json, url: "mqtt://127.0.0.1" }
`;
const points = `tag,table,address,type,unit,low,high
d3,holding,0,float32,mm,,
t3,holding,2,float32,Cel,-40,60
h12,holding,4,float32,kPa,,
`;

/** A girder that bends by 0.4 mm a kelvin and with the traffic of the day, in mm, at so many minutes after the start. */
function deflectionAt(minute: number, random: () => number): { temperature: number; deflection: number } {
  const hour = (minute / 60) % 24;
  const temperature = 8 + 6 * Math.sin(((hour - 9) / 12) * Math.PI) + 3 * Math.sin(minute / 4000);
  const traffic = hour > 7 && hour < 20 ? 3 : 1;
  return { temperature, deflection: 30 - 0.4 * temperature + traffic + 0.2 * (random() - 0.5) };
}

describe('bridges and fire water, which no code knows', () => {
  it('are mapped like any other asset, and points without a range of their own take that of the role', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-'));
    await writeFile(join(folder, 'gateway.yaml'), configuration);
    await writeFile(join(folder, 'songpu.csv'), points);
    const { gateway, errors, warnings } = await loadGateway(join(folder, 'gateway.yaml'), loadContext);
    expect(errors.map((problem) => formatProblem(problem))).toEqual([]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('role "pressure" is in MPa, tag songpu/h12 in kPa'),
    ]);
    const ranges = gateway!.tags.definitions.map(({ low, high }) => [low, high]);
    expect(ranges).toEqual([
      [-1000, 2000],
      [-40, 60],
      [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ]);
  });

  it('find a girder that gives way under the temperature and traffic of any day', async () => {
    const random = seededRandom(5);
    const days = 10;
    const minutes = Array.from({ length: days * 1440 }, (_, minute) => deflectionAt(minute, () => random.next()));
    const rows = {
      timesMs: Float64Array.from(minutes, (_, minute) => startMs - (days * 1440 - minute) * 60_000),
      columns: new Map([
        ['deflection', Float32Array.from(minutes, ({ deflection }) => deflection)],
        ['temperature', Float32Array.from(minutes, ({ temperature }) => temperature)],
      ]),
    };
    const residuals = calibrateAsset(span, rows, 480);
    const plant = bench({
      ...{ roles: ['deflection', 'temperature'], detectors: span.detectors },
      parts: { calibrationFile: calibrationFile({ assets: { 'a-1': { residuals } } }) },
    });
    const pass = async (from: number, to: number, sag: number) => {
      for (let minute = from; minute < to; minute++) {
        const { deflection, temperature } = deflectionAt(days * 1440 + minute, () => random.next());
        for (let s = 0; s < 60; s += 10) {
          plant.send({ deflection: deflection + sag, temperature });
          for (let rest = 0; rest < 10; rest++) await plant.second();
        }
      }
    };
    await pass(0, 24 * 60, 0);
    expect(plant.findings).toEqual([]);
    await pass(24 * 60, 24 * 60 + 30, 8);
    expect(plant.findings.map(({ kind, active }) => [kind, active])).toEqual([['deflection-unusual', true]]);
  });

  it('raise what the standard asks of hydrants', async () => {
    const plant = bench({ roles: ['pressure', 'tilt'], limits: hydrant.limits.filter(({ role }) => role !== 'open') });
    for (let s = 0; s < 120; s++) await plant.second({ pressure: 0.12, tilt: 1 });
    expect(plant.findings).toEqual([]);
    for (let s = 0; s < 400; s++) await plant.second({ pressure: 0.08, tilt: 40 });
    const kinds = plant.findings.filter(({ active }) => active).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['knocked-over', 'no-water', 'pressure-low']);
    expect(hydrant.alarms['no-water']?.safety).toBe(true);
  });
});
