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
import { breakers, floodMs, hydrantsPerPlc, lineRegisters, plcProgram, plcs } from './alarm-flood/plcs.ts';
import { type Site, withGateway } from './console/site.ts';
import { inFolder } from './in-folder.ts';
import { withProcess } from './processes.ts';
import { atLeast, atMost, type BenchRow, untargeted } from './row.ts';

const hydrants = plcs * hydrantsPerPlc;
/** It is looked and acknowledged for so long after the first alarm; the last ones come a few seconds after the flood. */
const watchedMs = 2 * floodMs;
/** It is looked at alarms that chatter for so long: the third time is after 45 s, the fourth 20 s later. */
const chatterMs = 90_000;
const chatterKind = 'breaker-refuses';
const clock = realClock();

/** 10,000 alarms within 10 s and fifty that chatter, while an operator looks at the list and acknowledges (R13). */
export async function benchAlarmFlood(): Promise<BenchRow[]> {
  return inFolder((folder) =>
    withProcess(process.execPath, [plcProgram], async ({ nextLine, say }) => {
      await writeSite(folder, JSON.parse(await nextLine()) as string[]);
      const seen = await withGateway(folder, async (site) => {
        console.error(`bench alarm-flood: load of this machine ${loadavg()[0]?.toFixed(1)}`);
        await delay(clock, 8_000);
        say('open');
        return operate(site);
      });
      const name = `${hydrants} alarms in 10 s`;
      const { drawn, lines } = await journaled(folder);
      const unseen = [...seen.counts].filter(([asset, count]) => count > (lines.get(asset)?.activations ?? 0));
      const chatter = `${breakers} alarms that chatter`;
      return [
        atMost(`${name}, list, p95`, 'ms', p95(seen.listMs), 1_000),
        atMost(`${name}, page of the list, p95`, 'ms', p95(seen.pageMs), 1_000),
        atMost(`${name}, acknowledge, p95`, 'ms', p95(seen.acknowledgeMs), 300),
        atMost(`${name}, activations not journaled`, 'alarms', hydrants - drawn, 0),
        atLeast(`${chatter}, shown as held`, 'alarms', seen.held, breakers),
        atLeast(`${chatter}, least count shown`, 'activations', Math.min(...seen.counts.values()), 4),
        atMost(`${chatter}, with an activation shown and not journaled`, 'alarms', unseen.length, 0),
        atMost(
          `${chatter}, most announcements of one`,
          'announcements',
          Math.max(...[...lines.values()].map(({ announced }) => announced)),
          3,
        ),
        untargeted(`${name}, CPU of the gateway`, 's', seen.cpuS),
      ];
    }),
  );
}

async function writeSite(folder: string, endpoints: readonly string[]): Promise<void> {
  const rows = (name: string, registers: number) =>
    Array.from({ length: registers }, (_, at) => `${name}${at},holding,${at},uint16,,1s\n`).join('');
  const head = 'tag,table,address,type,unit,group\n';
  const pressure = `p,holding,${hydrantsPerPlc},uint16,kPa,1s\n`;
  await writeFile(join(folder, 'hydrants.csv'), `${head}${rows('o', hydrantsPerPlc)}${pressure}`);
  await writeFile(join(folder, 'lines.csv'), `${head}${rows('b', breakers + Object.keys(lineRegisters).length)}`);
  const devices = endpoints.map((endpoint, plc) => {
    const points = plc < plcs ? 'hydrants.csv' : 'lines.csv';
    return `  - { id: plc-${plc}, driver: modbus, endpoint: "${endpoint}", points: ${points} }\n`;
  });
  const pillars = Array.from({ length: hydrants }, (_, at) => {
    const plc = `plc-${Math.floor(at / hydrantsPerPlc)}`;
    const roles = `{ pressure: ${plc}/p, open: ${plc}/o${at % hydrantsPerPlc} }`;
    return `  - { id: h-${at}, type: fire-water.hydrant, roles: ${roles} }\n`;
  });
  const { command, protection, current } = lineRegisters;
  const line = `plc-${plcs}/b`;
  const shared = `command: ${line}${command}, protection: ${line}${protection}, current-a: ${line}${current}, current-c: ${line}${current}`;
  const lines = Array.from(
    { length: breakers },
    (_, at) => `  - { id: l-${at}, type: power.feeder, roles: { breaker: ${line}${at}, ${shared} } }\n`,
  );
  await writeFile(
    join(folder, 'gateway.yaml'),
    `gateway: { id: bench }\nconsole: { role: operator }\ndevices:\n${devices.join('')}assets:\n${[...pillars, ...lines].join('')}`,
  );
}

/** What the list showed of alarms that chatter. */
class ChatterWatch {
  /** Assets whose alarm was kept active while its condition was over. */
  readonly held = new Set<string>();
  /** How often each had come, as the list said last. */
  readonly counts = new Map<string, number>();

  look({ alarms }: AlarmsView): void {
    for (const { asset, kind, state, finding, activations } of alarms) {
      if (kind !== chatterKind) continue;
      this.counts.set(asset, activations ?? 1);
      if (state.startsWith('active') && !finding.active) this.held.add(asset);
    }
  }
}

/** Looks at the list twice a second and acknowledges four alarms a second; how long the answers took. */
async function operate({ url, cpuS }: Site) {
  const [listMs, pageMs, acknowledgeMs]: [number[], number[], number[]] = [[], [], []];
  const chatter = new ChatterWatch();
  const headers = { 'content-type': 'application/json', origin: url };
  const timed = async (into: number[], run: () => Promise<Response>) => {
    const began = clock.monotonicMs();
    const answer = await run();
    const text = await answer.text();
    into.push(clock.monotonicMs() - began);
    if (!answer.ok) throw new Error(`bench: ${answer.status} ${text.slice(0, 200)}`);
    return text;
  };
  const look = async (into = listMs) => {
    const view = JSON.parse(await timed(into, () => fetch(`${url}/api/alarms`))) as AlarmsView;
    chatter.look(view);
    return view;
  };
  const before = await cpuS();
  let view = await look();
  while (view.total === 0) {
    await delay(clock, 200);
    view = await look();
  }
  const begunMs = clock.monotonicMs();
  while (clock.monotonicMs() < begunMs + watchedMs) {
    view = await look();
    await timed(pageMs, () => fetch(`${url}/api/alarm-list?words=h-&from=500`));
    for (const { id } of view.alarms.filter(({ state }) => state === 'active-unacknowledged').slice(0, 2)) {
      const body = JSON.stringify({ alarm: id, by: 'bench' });
      await timed(acknowledgeMs, () => fetch(`${url}/api/acknowledge`, { method: 'POST', headers, body }));
      await delay(clock, 200);
    }
  }
  const usedS = (await cpuS()) - before;
  while (clock.monotonicMs() < begunMs + chatterMs) {
    await look([]);
    await delay(clock, 1_000);
  }
  return { listMs, pageMs, acknowledgeMs, cpuS: usedS, held: chatter.held.size, counts: chatter.counts };
}

/** How often a line's alarm came, and how often people were told that it did. */
interface Course {
  activations: number;
  announced: number;
  active: boolean;
}

/** What the journal has: hydrants whose alarm came, and the course of each line's. */
async function journaled(folder: string) {
  const store = await openStore({
    ...{ dir: join(folder, 'data'), tags: new TagTable([]), clock, random: seededRandom(1), log: silentLog },
  });
  const drawn = new Set<unknown>();
  const lines = new Map<string, Course>();
  for (let from = 0; ; ) {
    const events = await store.journal.read(from, 10_000);
    for (const { type, subject, data } of events) {
      if (type === 'alarm.raised' && data['kind'] === 'water-drawn') drawn.add(subject);
      if (!type.startsWith('alarm.') || data['kind'] !== chatterKind) continue;
      const before = lines.get(subject) ?? { activations: 0, announced: 0, active: false };
      const active = data['active'] === true;
      lines.set(subject, {
        activations: before.activations + Number(active && !before.active),
        announced: before.announced + Number(type === 'alarm.raised'),
        active,
      });
    }
    const last = events.at(-1);
    if (!last) break;
    from = last.sequence;
  }
  await store.close();
  return { drawn: drawn.size, lines };
}

const p95 = (values: readonly number[]): number => quantileOfSorted(Float64Array.from(values).sort(), 0.95);
