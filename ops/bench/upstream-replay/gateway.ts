import { fileURLToPath } from 'node:url';
import { delay, every, realClock } from '../../../edge/core/clock.ts';
import { endWithParent } from '../processes.ts';
import { awayS, deviceCount, newSink, openPlantStore, Plant, tagsPerDevice } from './plant.ts';

export const gatewayProgram: string = fileURLToPath(import.meta.url);
/** The measurement is given up after this time. */
const maxReplayMs = 600_000;

/** What sending the back-log took. */
export interface Replayed {
  readonly values: number;
  readonly tookS: number;
  readonly cores: number;
  readonly peakMb: number;
}

/** The gateway that starts again, in a process of its own: `gateway.ts DIR URL`. Prints what it took. */
async function replay(dir: string, url: string): Promise<Replayed> {
  const clock = realClock();
  const store = await openPlantStore(dir);
  const sink = newSink(store, url);
  const plant = new Plant(store, sink);
  const processor = process.cpuUsage();
  const beganMs = clock.monotonicMs();
  await sink.start();
  let device = 0;
  let peakBytes = 0;
  const stopPolls = every(clock, 1_000 / deviceCount, () => plant.poll(device++ % deviceCount, clock.wallMs()));
  const stopLook = every(clock, 100, () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  });
  const owed = awayS * deviceCount * tagsPerDevice;
  const backfilled = () => sink.status().backfilled ?? 0;
  while (backfilled() < owed && clock.monotonicMs() - beganMs < maxReplayMs) await delay(clock, 50);
  const tookS = (clock.monotonicMs() - beganMs) / 1000;
  const { user, system } = process.cpuUsage(processor);
  const values = backfilled();
  stopPolls();
  stopLook();
  await sink.stop();
  await store.close();
  return { values, tookS, cores: (user + system) / 1e6 / tookS, peakMb: peakBytes / 1e6 };
}

if (process.argv[1] === gatewayProgram) {
  endWithParent();
  process.stdout.write(`${JSON.stringify(await replay(process.argv[2] ?? '', process.argv[3] ?? ''))}\n`);
}
