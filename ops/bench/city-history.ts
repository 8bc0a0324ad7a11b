import { join } from 'node:path';
import { createBatch } from '../../edge/core/batch.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createCity } from '../../simulator/city/city.ts';
import { createScans } from '../../simulator/plc/scan.ts';
import { bytesPerSample, inFolder, startMs } from './plant-history.ts';
import { atMost, type BenchRow } from './row.ts';

const seed = 1;
/** Long enough for every tag to have closed chunks. */
const fedS = 2_400;

/** Every point of the whole simulated city, polled each second, without deadband, with quality and times. */
export async function benchCityHistory(): Promise<BenchRow> {
  const city = await createCity({ seed, startMs });
  try {
    const scans = createScans(city.plcs, seededRandom(seed, 'plc'));
    const points = scans.flatMap(({ plc }) => plc.points.map((point) => ({ device: plc.id, point })));
    const tags = new TagTable(
      points.map(({ device, point: { name, unit, scale, offset, low, high } }) => ({
        ...{ name: `${device}/${name}`, device, point: name, unit, scale, offset, low, high },
        ...{ deadband: 0, periodMs: 1_000, description: '' },
      })),
    );
    const random = seededRandom(seed, 'jitter');
    const clock = new VirtualClock(startMs);
    return await inFolder(clock, tags, async (store, dir) => {
      for (let second = 0; second < fedS; second++) {
        city.step(1);
        let tag = 0;
        for (const { plc, raw, scan } of scans) {
          scan();
          const timeMs = startMs + second * 1000 + random.integer(0, 3);
          const batch = createBatch(plc.id, raw.length, timeMs);
          for (let row = 0; row < raw.length; row++, tag++) {
            batch.tags[row] = tag;
            batch.values[row] = polled(raw[row] as number, plc.points[row]);
            batch.times[row] = timeMs;
          }
          store.history.append(batch);
        }
        if (second % 30 !== 29) continue;
        await clock.advance(30_000);
        await store.history.begin(); // waits behind the write
      }
      await store.close();
      const value = await bytesPerSample(join(dir, 'history.db'));
      return atMost(`history of the simulated city, ${tags.count} tags at 1 Hz`, 'bytes/sample', value, 0.6);
    });
  } finally {
    city.dispose();
  }
}

/** A raw value as the wire carries it, scaled as the gateway does it. */
function polled(
  raw: number,
  point: { readonly type: string; readonly scale: number; readonly offset: number } | undefined,
) {
  const carried = point?.type === 'float32' ? Math.fround(raw) : raw;
  return carried * (point?.scale ?? 1) + (point?.offset ?? 0);
}
