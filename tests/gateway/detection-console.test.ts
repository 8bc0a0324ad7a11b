import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { ClaimCourseView, ModelsView, WatchedView } from '../../edge/console/detection-wire.ts';
import type { IncidentsView, IncidentView } from '../../edge/console/incident-wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { recordText } from '../../edge/detection/learned/record.ts';
import { manifestText } from '../../edge/detection/learned/site-manifest.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { trainAsset } from '../../models/training/site-model.ts';
import { Peer } from '../drivers/peer.ts';
import { historyOf, plantGrid } from '../training/plant.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const roles = ['flow', 'suction-pressure', 'discharge-pressure', 'power'] as const;
const units = ['m3/h', 'MPa', 'MPa', 'kW'] as const;

/** Version 1 of a model of the station, which scores in shadow and has done so for four days. */
async function shelveModel(folder: string): Promise<void> {
  const training = trainAsset({
    ...{ ...historyOf(plantGrid(1, 10)), asset: 'ps-1', assetType: 'water.pump-station' },
    roles: [0, 2, 1, 3].map((column, place) => ({ role: roles[place]!, unit: units[place]!, column })),
  });
  if ('refused' in training) throw new Error(training.refused);
  const place = join(folder, 'learned/ps-1/1');
  await mkdir(place, { recursive: true });
  await mkdir(join(folder, 'data'), { recursive: true });
  await writeFile(join(place, 'manifest.json'), manifestText(training.manifest));
  await writeFile(join(place, 'model.onnx'), training.onnx);
  const state = { schema: 'lifeline-models/1', models: { 'ps-1': { shadow: 1 } } };
  await writeFile(join(folder, 'learned/state.json'), JSON.stringify(state));
  const none = { above: 0, missing: 0, outOfModel: 0, episodes: 0, activeEpisodes: 0, agreed: 0 };
  const day = { date: '2026-01-01', rows: 6000, ...none, sum: 0, largest: 0, bins: new Array<number>(10).fill(600) };
  await writeFile(join(folder, 'data/models.json'), recordText([{ asset: 'ps-1', version: 1, days: [day] }]));
}

const yaml = (endpoint: string) => `gateway: { id: gw }
devices:
  - { id: plc, driver: modbus, endpoint: "${endpoint}", points: plc.csv }
assets:
  - { id: ps-1, type: water.pump-station, grid: "1", location: [126, 45], roles: { ${roles.map((role) => `${role}: plc/${role}`).join(', ')} } }
  - { id: gal-1, type: gallery.compartment, grid: "1", location: [126, 45], roles: { smoke: plc/smoke } }
console: { role: engineer }
detection: { learned: learned, allowUnsigned: true }
`;
const table = [
  'tag,table,address,type,group,unit',
  ...roles.map((role, address) => `${role},holding,${address},int16,500ms,${units[address]}`),
  'smoke,holding,9,int16,500ms,',
].join('\n');

it('a gateway shows what it watches and why, draws it from history, and promotes a model for an engineer, journaled', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-detection-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const peer = await new Peer().listen();
  endings.push(() => peer.close());
  let smoke = 0;
  peer.valueAt = (address) => (address === 9 ? smoke : 5);
  await shelveModel(folder);
  await writeFile(join(folder, 'plc.csv'), table);
  await writeFile(join(folder, 'gateway.yaml'), yaml(peer.endpoint));
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'gateway.yaml'), loadContext);
  expect(errors).toEqual([]);
  const events: Event[] = [];
  const observer = { finding: () => undefined, event: (event: Event) => void events.push(event) };
  const host = {
    clock: realClock(),
    random: seededRandom(2),
    log: silentLog,
    dataDir: join(folder, 'data'),
    version: '0',
  };
  const gateway = await buildGateway(loaded!, { ...host, observer }, { console: { port: 0 } });
  endings.push(() => gateway.stop());
  await gateway.start();
  const url = gateway.status().consoleUrl!;
  const read = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T;
  const watchOf = async (kind: string) =>
    (await read<WatchedView>('/api/detection/asset?id=gal-1')).watches.find((watch) => watch.kind === kind);

  await vi.waitFor(async () => expect(await watchOf('fire')).toMatchObject({ state: 'watching' }), 20_000);
  expect((await watchOf('fire'))?.meaning?.en).toBeTruthy();
  const station = await read<WatchedView>('/api/detection/asset?id=ps-1');
  const waiting = station.watches.filter(({ reason }) => reason === 'calibration' || reason === 'role');
  expect(new Set(waiting.map(({ detector }) => detector))).toContain('residual');

  smoke = 1;
  await vi.waitFor(async () => expect(await watchOf('fire')).toMatchObject({ state: 'claimed', score: 1 }), 20_000);
  const { incidents } = await read<IncidentsView>('/api/incidents');
  expect(incidents).toMatchObject([{ root: 'gal-1/fire', members: 1, standing: 1 }]);
  const incident = await read<IncidentView>(`/api/incident?id=${encodeURIComponent(incidents[0]!.id)}`);
  expect(incident.alarms[0]?.finding.evidence[0]).toMatchObject({ tag: 'plc/smoke', observed: 1 });
  const { course } = await read<ClaimCourseView>(
    `/api/detection/course?asset=gal-1&kind=fire&to=${Date.now()}&hours=1`,
  );
  expect(course?.quantity).toBe('plc/smoke');
  expect(course?.observed.at(-1)).toBeGreaterThan(0);

  const { versions } = await read<ModelsView>('/api/models');
  expect(versions).toMatchObject([{ asset: 'ps-1', version: 1, role: 'shadow', atWork: { state: 'ready' } }]);
  const headers = { 'content-type': 'application/json', origin: url };
  const body = JSON.stringify({ change: 'promote', asset: 'ps-1', version: 1, by: '李工' });
  const promote = () => fetch(`${url}/api/model-change`, { method: 'POST', headers, body });
  expect((await promote()).status).toBe(200);
  expect(events.at(-1)).toMatchObject({
    ...{ type: 'model.changed', subject: 'ps-1', data: { change: 'promote', version: 1, by: '李工' } },
  });
  expect((await read<ModelsView>('/api/models')).versions).toMatchObject([{ role: 'active' }]);
  expect(await (await promote()).json()).toMatchObject({ code: 'LL-MODEL-VERSION' });
});
