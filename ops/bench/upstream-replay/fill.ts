import { realClock } from '../../../edge/core/clock.ts';
import { awayS, deviceCount, newSink, openPlantStore, Plant } from './plant.ts';

/** Between two looks of the disk at the history, as it would have in an hour. */
const stepS = 60;

/**
 * The hour without a broker, in a process of its own so that its memory is none of the gateway's: `fill.ts DIR`.
 * Says `filled` once all is on disk.
 */
const store = await openPlantStore(process.argv[2] ?? '');
const sink = newSink(store, 'mqtt://127.0.0.1:1');
const plant = new Plant(store, sink);
const endMs = realClock().wallMs();
await sink.start();
for (let second = 0; second < awayS; second++) {
  for (let device = 0; device < deviceCount; device++) plant.poll(device, endMs - (awayS - second) * 1000);
  if (second % stepS === 0) await store.history.query('d0/t0', 0, 0, 2);
}
await sink.stop();
await store.close();
process.stdout.write('filled\n');
