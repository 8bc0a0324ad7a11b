import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { DetectionView } from '../../edge/console/detection-wire.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { heldDatabases, heldModels } from '../../simulator/exam/held.ts';
import { setStage } from '../../simulator/exam/stage.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';

const startMs = Date.UTC(2026, 0, 15, 4);
const dayMs = 86_400_000;
/** What the points of a heat plant usually say; a broken main draws more make-up and lets less come back. */
const usual = {
  ...{ 'supply-temperature': 95, 'return-temperature': 50, 'supply-pressure': 0.9, 'return-pressure': 0.4, running: 1 },
  ...{ flow: 1000, 'return-flow': 998, 'makeup-flow': 2 },
};
const units: Readonly<Record<string, string>> = {
  ...{ 'supply-temperature': 'Cel', 'return-temperature': 'Cel', 'supply-pressure': 'MPa', 'return-pressure': 'MPa' },
  ...{ flow: 'm3/h', 'return-flow': 'm3/h', 'makeup-flow': 'm3/h', running: '' },
};
const roles = Object.keys(usual) as (keyof typeof usual)[];
/** Flows changed by 2 m3/h a minute at the most: from 3 on it is a jump. */
const tag = { differenceScale: 0.01, longestRun: 0, thereAndBack: 5, largestStep: 2 };
const calibration = {
  ...{ schema: 'lifeline-calibration/1', made: {}, utcOffsetMinutes: 480, assets: {} },
  tags: { 'plc/return-flow': tag, 'plc/makeup-flow': tag },
};
const yaml = (endpoint: string) => `gateway: { id: gw }
console: { role: operator }
devices:
  - { id: plc, driver: modbus, endpoint: "${endpoint}", points: plc.csv }
assets:
  - { id: plant-1, type: heating.plant, grid: "1", location: [126, 45], roles: { ${roles.map((role) => `${role}: plc/${role}`).join(', ')} } }
detection: { calibration: calibration.json }
`;
const table = `tag,table,address,type,scale,group,unit\n${roles
  .map((role, at) => `${role},holding,${at},uint16,0.1,1s,${units[role]}`)
  .join('\n')}\n`;

it('three verdicts of nuisance by the API widen a live detector’s limit, one of useful or 28 days take it back, all journaled', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-verdict-limits-'));
  const values = { ...usual };
  const points = roles.map((role, address) => point(role, { address, scale: 0.1, read: () => values[role] }));
  const scan = createScan(plcOf('plc', 1, points), seededRandom(1));
  scan.scan();
  const clock = new VirtualClock(startMs);
  const stage = setStage([scan], startMs);
  stage.publish(startMs);
  await writeFile(join(folder, 'plc.csv'), table);
  await writeFile(join(folder, 'calibration.json'), JSON.stringify(calibration));
  await writeFile(join(folder, 'gateway.yaml'), yaml(stage.endpoints[0]!));
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'gateway.yaml'), loadContext);
  expect(errors).toEqual([]);
  const events: Event[] = [];
  const gateway = await buildGateway(
    loaded!,
    {
      ...{ clock, log: silentLog, dataDir: join(folder, 'data'), version: '0', random: seededRandom(2) },
      ...{ network: stage.network, openDatabase: heldDatabases(clock), spawn: heldModels(clock) },
      observer: { finding: () => undefined, event: (event) => void events.push(event) },
    },
    { console: { port: 0 } },
  );
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second++) {
      scan.scan();
      stage.publish(clock.wallMs());
      await clock.advance(1000);
    }
  };
  try {
    await gateway.idle();
    await gateway.start();
    const url = gateway.status().consoleUrl!;
    /** Time goes on while the API is asked. */
    const ask = async <Answer>(path: string, body?: unknown): Promise<Answer> => {
      const headers = { 'content-type': 'application/json', origin: url };
      const request = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
      let answered = false;
      const answer = fetch(`${url}${path}`, request)
        .then((response) => response.json() as Promise<Answer>)
        .finally(() => {
          answered = true;
        });
      while (!answered) {
        await seconds(1);
        await new Promise(setImmediate);
      }
      return answer;
    };
    /** A break by so much for half a minute, and back; whether it was claimed. */
    const breaks = async (by: number): Promise<boolean> => {
      const before = raised().length;
      await seconds(70);
      Object.assign(values, { 'return-flow': usual['return-flow'] - by, 'makeup-flow': usual['makeup-flow'] + by });
      await seconds(30);
      Object.assign(values, usual);
      await seconds(70);
      return raised().length > before;
    };
    const raised = () => events.filter(({ type, data }) => type === 'alarm.raised' && data['kind'] === 'primary-break');
    const moves = () => events.filter(({ type }) => type === 'detection.tolerance-changed').map(({ data }) => data);
    const judge = async (verdict: string) => {
      const alarm = 'plant-1/primary-break';
      expect(await ask('/api/acknowledge', { alarm, by: '张工' })).toEqual({ result: 'done' });
      expect(await ask('/api/verdict', { alarm, verdict, by: '张工' })).toEqual({ result: 'done' });
    };
    const nuisances = async (by: number) => {
      for (let time = 0; time < 3; time++) {
        expect(moves().at(-1)?.['factor'] ?? 1).toBe(1);
        expect(await breaks(by)).toBe(true);
        await judge('nuisance');
      }
    };
    const widened = async () => (await ask<DetectionView>('/api/detection')).widened;

    await nuisances(3.3);
    expect(await breaks(3.3)).toBe(false);
    expect(await breaks(4.2)).toBe(true);
    expect(await widened()).toMatchObject([
      { asset: 'plant-1', kind: 'primary-break', detector: 'jump', factor: 1.25 },
    ]);
    await judge('useful');
    expect(await widened()).toEqual([]);
    expect(await breaks(3.3)).toBe(true);

    // verdicts of useful are heeded for 14 days: three nuisances widen nothing before
    clock.jumpWall(15 * dayMs);
    await judge('nuisance');
    await seconds(60);
    for (let time = 0; time < 2; time++) {
      expect(await breaks(3.3)).toBe(true);
      await judge('nuisance');
    }
    expect(await breaks(3.3)).toBe(false);
    clock.jumpWall(28 * dayMs);
    await seconds(61);
    expect(await breaks(3.3)).toBe(true);
    expect(moves().map(({ before, factor, why }) => [before, factor, why])).toEqual([
      [1, 1.25, 'nuisance'],
      [1.25, 1, 'useful'],
      [1, 1.25, 'nuisance'],
      [1.25, 1, 'expired'],
    ]);
    const judged = events.filter(({ type }) => type === 'alarm.judged');
    expect(judged.map(({ data }) => (data['judgement'] as { verdict: string }).verdict)).toEqual([
      ...['nuisance', 'nuisance', 'nuisance', 'useful'],
      ...['nuisance', 'nuisance', 'nuisance'],
    ]);
  } finally {
    await gateway.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
