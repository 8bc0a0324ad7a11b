import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Gauge } from '../../edge/core/gauge.ts';
import { parseCalibration } from '../../edge/detection/calibration.ts';
import { calibrateDistricts } from '../../models/training/calibrate-districts.ts';
import { operatingWindows } from '../../models/training/plan.ts';
import { replay } from '../../models/training/replay.ts';
import { mediumPressureFile } from '../../simulator/gas/description.ts';
import { openNetwork } from '../../simulator/water/network-file/open.ts';
import { surveyedNetworks } from '../../simulator/water/survey.ts';
import { freeBasePort, killAll, lifeline } from '../gateway/processes.ts';
import { townInp } from '../water/network-file/networks.ts';

afterAll(killAll);

const dayMs = 86_400_000;
const mondayMs = Date.UTC(2026, 2, 1, 16);
const streetM = 100;

/** A town that no part of Lifeline was made with: two zones on either side of a reducing valve. */
const town = () => townInp(41, { columns: 12, rows: 7, loops: 0.5, valve: 'PRV' });

/** Its gauges as an engineer would write them down, from the layout by which the simulator measures it. */
async function surveyOf(inp: string) {
  const file = { name: 'town.inp', bytes: new TextEncoder().encode(inp) };
  const opened = await openNetwork(file, () => undefined);
  const [network] = surveyedNetworks({ waterNetwork: file });
  const byAsset = Map.groupBy(network?.survey(opened).gauges ?? [], ({ asset }) => asset);
  const named = (gauge: Gauge) =>
    'node' in gauge ? gauge.node : gauge.links.map(({ id, sign }) => (sign === 1 ? id : `-${id}`));
  const gauges = Object.fromEntries(
    [...byAsset].map(([asset, own]) => [asset, Object.fromEntries(own.map((gauge) => [gauge.role, named(gauge)]))]),
  );
  opened.engine.close();
  return { file, gauges, nodes: new Map(opened.model.nodes.map((node) => [node.id, node])) };
}

describe('an EPANET file of the utility, named in gateway.yaml', () => {
  it('places bursts in a network that nobody has seen before', { timeout: 180_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-own-network-'));
    const inp = town();
    const { file, gauges, nodes } = await surveyOf(inp);
    const at = (...name: string[]) => join(folder, ...name);
    await writeFile(at('town.inp'), inp);
    const base = ['--utilities', 'water', '--for', '0s', '--base-port', String(await freeBasePort(10, 27_000))];
    expect((await lifeline('sim', '--water', at('town.inp'), '--write-gateway', folder, ...base).ended).code).toBe(0);
    const map = { 'J0-0': [126.6, 45.7], 'J11-0': [126.6141, 45.7] };
    const networks = JSON.stringify([{ file: 'town.inp', gauges, map }]);
    await writeFile(at('gateway.yaml'), `${await readFile(at('gateway.yaml'), 'utf8')}networks: ${networks}\n`);
    const checked = await lifeline('check', '-c', at('gateway.yaml'), '--json').ended;
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, errors: [] });

    const calibrated = await lifeline('calibrate', '-c', at('gateway.yaml'), '--only-places', '--json').ended;
    expect(calibrated.code, calibrated.stderr).toBe(0);
    expect(JSON.parse(calibrated.stdout)).toMatchObject({ places: 1, tags: 0, out: at('calibration.json') });
    const places = parseCalibration(JSON.parse(await readFile(at('calibration.json'), 'utf8')));
    expect(places.made).toMatchObject({ networks: [{ network: 'town.inp', sha256: expect.any(String) }] });

    // How a district flows is learnt elsewhere: two weeks of it, and its seconds.
    const city = { utilities: ['water'], waterNetwork: file };
    const week = (seed: number, startMs: number) => ({ ...city, seed, startMs, hours: 168, happenings: [] });
    const plan = { fromMs: mondayMs, days: 7, districts: Object.keys(gauges), pumpStation: 'ps-1' };
    const windows = operatingWindows(500, 12, plan).map((window) => ({
      ...{ ...window, ...city },
      happenings: window.happenings.filter(({ kind }) => kind !== 'water.pump-trip'),
    }));
    const districts = await calibrateDistricts([week(51, mondayMs)], [week(52, mondayMs + 7 * dayMs)], windows, 300);
    const assets = Object.fromEntries([...districts].map(([id, district]) => [id, { district }]));
    await writeFile(at('calibration.json'), JSON.stringify({ ...places, assets }));

    const startMs = mondayMs + 16 * dayMs + 2 * 3_600_000;
    for (const [index, target] of Object.keys(gauges).entries()) {
      const burst = { id: 'b', kind: 'water.burst', target, durationS: 0, magnitude: 40 };
      const { findings, truths } = await replay({
        ...{ ...city, seed: 70 + index, startMs, forS: 190 },
        happenings: [{ ...burst, startMs: startMs + 160_000 }],
        parts: { calibrationFile: at('calibration.json') },
      });
      const claim = findings.find(({ kind, active }) => kind === 'burst' && active);
      const truth = nodes.get(truths[0]?.place?.id ?? '');
      const metres = (claim?.place ?? []).slice(0, 3).map(({ id }) => {
        const node = nodes.get(id);
        return node && truth ? Math.hypot(node.x - truth.x, node.y - truth.y) : Number.NaN;
      });
      expect(claim?.asset).toBe(target);
      expect(Math.min(...metres)).toBeLessThanOrEqual(3 * streetM);
      expect(claim?.place?.[0]?.location?.[0]).toBeGreaterThan(126.599);
    }
  });

  it('may be a network of gas as well, whose source counts as a meter', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-own-network-'));
    const at = (name: string) => join(folder, name);
    const rows = ['flow,holding,0,float32,Nm3/h', 'p1,holding,2,float32,MPa', 'p2,holding,4,float32,MPa'];
    await writeFile(at('plc.csv'), ['tag,table,address,type,unit', ...rows, ''].join('\n'));
    await writeFile(at('mains.json'), JSON.stringify(mediumPressureFile()));
    const config = (inlet: string) => `gateway: { id: gw }
devices: [{ id: plc, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: plc.csv }]
assets:
  - { id: gate-1, type: gas.city-gate, upstreamOf: [reg-1, reg-2], roles: { flow: plc/flow } }
  - { id: reg-1, type: gas.regulator, roles: { inlet-pressure: plc/p1 } }
  - { id: reg-2, type: gas.regulator, roles: { inlet-pressure: plc/p2 } }
networks:
  - file: mains.json
    gauges: { gate-1: { flow: gate }, reg-1: { inlet-pressure: r1 }, reg-2: { inlet-pressure: ${inlet} } }
    map: wgs84
`;
    await writeFile(at('gateway.yaml'), config('r22'));
    const refused = JSON.parse((await lifeline('check', '-c', at('gateway.yaml'), '--json').ended).stdout);
    expect(refused.errors).toMatchObject([{ line: 9, code: 'LL-CONFIG-REFERENCE', fix: 'did you mean "r2"?' }]);
    await writeFile(at('gateway.yaml'), config('r2'));
    const { code, stderr } = await lifeline('calibrate', '-c', at('gateway.yaml'), '--only-places', '--json').ended;
    expect(code, stderr).toBe(0);
    const { places } = parseCalibration(JSON.parse(await readFile(at('calibration.json'), 'utf8')));
    expect(places?.[0]?.candidates).toHaveLength(16);
    expect(places?.[0]?.candidates[0]).toMatchObject({ id: 'gate-n1', asset: 'gate-1', location: [126.614, 45.712] });
  });

  it('is answered with its line by lifeline check where EPANET cannot read it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-own-network-'));
    await writeFile(join(folder, 'broken.inp'), '[JUNCTIONS]\nJ1 0 x\n');
    await writeFile(
      join(folder, 'plc.csv'),
      'tag,table,address,type,unit\np1,holding,0,float32,MPa\np2,holding,2,float32,MPa\n',
    );
    await writeFile(
      join(folder, 'gateway.yaml'),
      `gateway: { id: gw }
devices: [{ id: plc, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: plc.csv }]
assets: [{ id: dma-1, type: water.district, roles: { pressure: plc/p1, pressure-2: plc/p2 } }]
networks: [{ file: broken.inp, gauges: { dma-1: { pressure: J1, pressure-2: J2 } } }]
`,
    );
    const { code, stdout } = await lifeline('check', '-c', join(folder, 'gateway.yaml'), '--json').ended;
    expect(code).toBe(3);
    const [error] = JSON.parse(stdout).errors;
    expect(error).toMatchObject({ line: 4, path: 'networks[0].file', code: 'LL-EPANET-FILE' });
    expect(error.message).toContain('broken.inp:2 ');
  });
});
