import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { AlarmsView } from '../../edge/console/wire.ts';
import { delay, realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { quantileOfSorted } from '../../edge/detection/order-statistics.ts';
import { openStore } from '../../edge/store/store.ts';
import { floodMs, hydrantsPerPlc, plcProgram, plcs } from './alarm-flood/plcs.ts';
import { type Site, withGateway } from './console/site.ts';
import { inFolder } from './in-folder.ts';
import { withProcess } from './processes.ts';
import { atMost, type BenchRow } from './row.ts';

const hydrants = plcs * hydrantsPerPlc;
/** It is looked and acknowledged for so long after the first alarm; the last ones come a few seconds after the flood. */
const watchedMs = 2 * floodMs;
const clock = realClock();

/** 10,000 alarms within 10 s, fifty of hydrants that open and shut, while an operator looks at the list and acknowledges (R13). */
export async function benchAlarmFlood(): Promise<BenchRow[]> {
  return inFolder((folder) =>
    withProcess(process.execPath, [plcProgram], async ({ nextLine, say }) => {
      await writeHydrants(folder, JSON.parse(await nextLine()) as string[]);
      const seen = await withGateway(folder, async (site) => {
        console.error(`bench alarm-flood: load of this machine ${loadavg()[0]?.toFixed(1)}`);
        await delay(clock, 8_000);
        say('open');
        return operate(site);
      });
      const name = `${hydrants} alarms in 10 s`;
      return [
        atMost(`${name}, list, p95`, 'ms', p95(seen.listMs), 1_000),
        atMost(`${name}, acknowledge, p95`, 'ms', p95(seen.acknowledgeMs), 300),
        atMost(`${name}, activations not journaled`, 'alarms', hydrants - (await journaled(folder)), 0),
        { ...atMost(`${name}, CPU of the gateway`, 's', seen.cpuS, 0), target: '', ok: null },
      ];
    }),
  );
}

async function writeHydrants(folder: string, endpoints: readonly string[]): Promise<void> {
  const rows = Array.from({ length: hydrantsPerPlc }, (_, at) => `o${at},holding,${at},uint16,,1s\n`);
  const pressure = `p,holding,${hydrantsPerPlc},uint16,kPa,1s\n`;
  await writeFile(join(folder, 'points.csv'), `tag,table,address,type,unit,group\n${rows.join('')}${pressure}`);
  const devices = endpoints.map(
    (endpoint, plc) => `  - { id: plc-${plc}, driver: modbus, endpoint: "${endpoint}", points: points.csv }\n`,
  );
  const assets = Array.from({ length: hydrants }, (_, at) => {
    const plc = `plc-${Math.floor(at / hydrantsPerPlc)}`;
    const roles = `{ pressure: ${plc}/p, open: ${plc}/o${at % hydrantsPerPlc} }`;
    return `  - { id: h-${at}, type: fire-water.hydrant, roles: ${roles} }\n`;
  });
  await writeFile(
    join(folder, 'gateway.yaml'),
    `gateway: { id: bench }\nconsole: { role: operator }\ndevices:\n${devices.join('')}assets:\n${assets.join('')}`,
  );
}

/** Looks at the list twice a second and acknowledges four alarms a second; how long the answers took. */
async function operate({ url, cpuS }: Site) {
  const [listMs, acknowledgeMs]: [number[], number[]] = [[], []];
  const headers = { 'content-type': 'application/json', origin: url };
  const timed = async (into: number[], run: () => Promise<Response>) => {
    const began = clock.monotonicMs();
    const answer = await run();
    const text = await answer.text();
    into.push(clock.monotonicMs() - began);
    if (!answer.ok) throw new Error(`bench: ${answer.status} ${text.slice(0, 200)}`);
    return text;
  };
  const look = async () => JSON.parse(await timed(listMs, () => fetch(`${url}/api/alarms`))) as AlarmsView;
  const before = await cpuS();
  let view = await look();
  while (view.total === 0) {
    await delay(clock, 200);
    view = await look();
  }
  const untilMs = clock.monotonicMs() + watchedMs;
  while (clock.monotonicMs() < untilMs) {
    view = await look();
    for (const { id } of view.alarms.filter(({ state }) => state === 'active-unacknowledged').slice(0, 2)) {
      const body = JSON.stringify({ alarm: id, by: 'bench' });
      await timed(acknowledgeMs, () => fetch(`${url}/api/acknowledge`, { method: 'POST', headers, body }));
      await delay(clock, 200);
    }
  }
  return { listMs, acknowledgeMs, cpuS: (await cpuS()) - before };
}

/** Hydrants whose alarm is in the journal. */
async function journaled(folder: string): Promise<number> {
  const store = await openStore({
    ...{ dir: join(folder, 'data'), tags: new TagTable([]), clock, random: seededRandom(1), log: silentLog },
  });
  const raised = new Set<unknown>();
  for (let from = 0; ; ) {
    const events = await store.journal.read(from, 10_000);
    for (const { type, data } of events)
      if (type === 'alarm.raised' && data['kind'] === 'water-drawn') raised.add(data['asset']);
    const last = events.at(-1);
    if (!last) break;
    from = last.sequence;
  }
  await store.close();
  return raised.size;
}

const p95 = (values: readonly number[]): number => quantileOfSorted(Float64Array.from(values).sort(), 0.95);
