import { drivers } from '../../../drivers/registry.ts';
import { encodeSamples, type RecordingManifest } from '../../../drivers/replay/recording-format.ts';
import { RecordedPlc, type WireMoment } from '../../../simulator/plc/recorded-plc.ts';
import { createAcquisition } from '../../acquisition/acquisition.ts';
import type { ConfiguredDevice } from '../../config/devices.ts';
import { silentLog } from '../../core/log.ts';
import { seededRandom } from '../../core/random.ts';
import { VirtualClock } from '../../core/virtual-clock.ts';

/** Steps of virtual time; what falls due in between happens in between. */
const stepMs = 10;
/** How much longer than the recording the driver may take: it connects again, and waits for what never comes. */
const slackMs = 120_000;

/** Whether the wire of a device carries Modbus TCP, by its endpoint. */
export const isNumbered = (endpoint: string): boolean => endpoint.startsWith('tcp:');

/**
 * Runs the driver of a device on the frames that were recorded of it: the same code from planner and codec to supervisor
 * asks, a PLC in memory answers byte by byte what was answered then, in virtual time. Ends with the first request that
 * the recording does not hold any more. The same frames give the same samples, always.
 * @returns lines of a samples file
 */
export async function rerun(
  device: ConfiguredDevice,
  frames: readonly WireMoment[],
  { start, seed = 1 }: Pick<RecordingManifest, 'start' | 'seed'>,
): Promise<readonly string[]> {
  const startMs = Date.parse(start);
  const clock = new VirtualClock(startMs);
  let over = false;
  const plc = new RecordedPlc(frames, {
    ...{ clock, numbered: isNumbered(device.definition.endpoint), again: false },
    onUnknown: () => {
      over = true;
    },
  });
  const places = new Map(device.definition.points.map(({ tag }, place) => [tag, place]));
  const lines: string[] = [];
  const acquisition = createAcquisition({
    ...{ devices: [device], drivers },
    host: { clock, random: seededRandom(seed), log: silentLog, stateDir: '', line: () => plc.connect() },
    onBatch: (batch) => {
      if (!over) lines.push(encodeSamples(batch, places.size, (tag) => places.get(tag) as number));
    },
    onDeviceChange: () => undefined,
  });
  const lastMs = (frames.at(-1)?.at ?? startMs) + slackMs;
  acquisition.start();
  while (!over && clock.wallMs() < lastMs) await clock.advance(stepMs);
  over = true;
  await acquisition.stop();
  return lines;
}
