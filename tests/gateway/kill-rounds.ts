import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { realClock } from '../../edge/core/clock.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { Random } from '../../edge/core/random.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { openStore } from '../../edge/store/store.ts';
import { startBroker } from '../../simulator/platform/broker.ts';
import { startSubscriber } from '../../simulator/platform/subscriber.ts';
import { freeBasePort, freePort, lifeline } from './processes.ts';

/** Long enough that history has been written, now and then. */
const longRoundMs = 33_000;
const roundsPerLongOne = 10;

/** Figures of the rounds, in ms. */
interface KillFigures {
  /** From the start of the process to its first sample, in each round. */
  readonly firstSampleMs: readonly number[];
  /** What the last one took to stop. */
  readonly stopMs: number;
  /** Of telemetry, what a kill took at most. */
  readonly lostMs: number;
}

/**
 * Kills a gateway that reads the simulated city and forwards over a broker so many times, starts it once more and stops it:
 * no event is lost between journal and subscriber, none has two contents, every file opens sound, and what telemetry was
 * lost is told.
 */
export async function killGateway(rounds: number, random: Random, basePort: number): Promise<KillFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-kill-'));
  const config = join(folder, 'config/gateway.yaml');
  const data = join(folder, 'data');
  const brokerPort = await freePort();
  const url = `mqtt://127.0.0.1:${brokerPort}`;
  const base = String(await freeBasePort(30, basePort));
  const written = ['--write-gateway', join(folder, 'config'), '--broker', url];
  const city = lifeline('sim', '--json', '--base-port', base, ...written);
  await city.line(/"listening"/);
  const clock = realClock();
  const broker = await startBroker({ port: brokerPort, host: '127.0.0.1' });
  const received = new Set<string>();
  const subscriber = await startSubscriber({ url, gateway: 'hrb-07', clock, onEvent: ({ id }) => received.add(id) });
  const firstSampleMs: number[] = [];
  const killedAt: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const since = performance.now();
    const gateway = lifeline('run', '-c', config, '--data', data, '--no-console');
    await gateway.line(/first sample/);
    firstSampleMs.push(Math.round(performance.now() - since));
    const lives = round % roundsPerLongOne === 0 ? longRoundMs : 300 + random.next() * 1500;
    await new Promise((resolve) => setTimeout(resolve, lives));
    gateway.child.kill('SIGKILL');
    await gateway.ended;
    killedAt.push(Date.now());
  }
  const last = lifeline('run', '-c', config, '--data', data, '--no-console', '--json');
  await last.line(/first sample/);
  const { code, tookMs, stdout } = await last.stop();
  expect(code).toBe(0);
  expect(JSON.parse(stdout).sinks[0].pending).toBe(0);

  const store = await openStore({ dir: data, tags: new TagTable([]), clock, random: seededRandom(2), log: silentLog });
  expect(store.notices).toEqual([]);
  const journaled = await store.journal.read(0, 100_000);
  await store.close();
  expect(journaled.filter((event) => event.type === 'gateway.started').length).toBe(rounds + 1);
  // what a device itself says that it has lost, or a sink that it cannot send, is told besides
  const ofGateway = ({ type, data }: Event) =>
    type === 'gateway.data-gap' && data['device'] === undefined && data['sink'] === undefined;
  const told = journaled.filter(ofGateway);
  const gaps = told.map(({ data: gap }) => gap);
  expect(gaps.length).toBe(rounds);
  for (const { fromMs, toMs } of gaps) expect(Number(toMs)).toBeGreaterThan(Number(fromMs));
  expect(journaled.map((event) => event.sequence)).toEqual(journaled.map((_, index) => index + 1));
  const ids = journaled.map(({ stream, epoch, sequence }) => `hrb-07/${stream}/${epoch}/${sequence}`);
  expect(ids.filter((id) => !received.has(id))).toEqual([]);
  expect(new Set(journaled.map((event) => event.epoch)).size).toBe(rounds + 1);
  expect(subscriber.figures()).toMatchObject({ conflicts: 0, gaps: 0 });

  await subscriber.close();
  await broker.stop();
  await city.stop();
  const lost = gaps.map(({ fromMs }, round) => (killedAt[round] as number) - Number(fromMs));
  return { firstSampleMs, stopMs: tookMs, lostMs: Math.round(Math.max(...lost)) };
}
