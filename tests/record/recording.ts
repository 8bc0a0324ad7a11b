import { join } from 'node:path';
import type { Driver, DriverSession } from '../../drivers/api.ts';
import { Recorder, type RecordingEnd } from '../../edge/cli/record/recorder.ts';
import type { ConfiguredDevice } from '../../edge/config/devices.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { testHost } from '../drivers/peer.ts';
import { newFolder } from '../drivers/replay/play.ts';

/** A driver whose polls tell the test what they gave, before anybody else has it. */
export function overheard(driver: Driver, heard: (batch: SampleBatch) => void): Driver {
  return {
    ...driver,
    async open(...args): Promise<DriverSession> {
      const session = await driver.open(...args);
      const polls = session.polls.map((poll) => ({
        ...{ periodMs: poll.periodMs, tags: poll.tags },
        async read() {
          const batch = await poll.read();
          heard(structuredClone(batch));
          return batch;
        },
      }));
      return { polls, close: () => session.close() };
    },
  };
}

export interface Recorded {
  readonly folder: string;
  /** What the driver gave, in order. */
  readonly batches: readonly SampleBatch[];
  readonly ended: RecordingEnd;
}

/** Records devices in real time until their driver has given so many batches, or the recorder ended by itself. */
export async function recordDevices(
  devices: readonly ConfiguredDevice[],
  driver: Driver,
  { count, maxBytes = 1e9 }: { readonly count: number; readonly maxBytes?: number },
): Promise<Recorded> {
  const folder = join(await newFolder(), 'recording');
  const batches: SampleBatch[] = [];
  let end: (why: RecordingEnd) => void = () => undefined;
  const ending = new Promise<RecordingEnd>((done) => {
    end = done;
  });
  const heard = (batch: SampleBatch) => {
    if (batches.push(batch) === count) setImmediate(() => end('signal'));
  };
  const recorder = new Recorder({
    ...{
      out: folder,
      gateway: 'gw',
      version: '0',
      devices,
      drivers: [overheard(driver, heard)],
      host: testHost(),
      seed: 1,
    },
    ...{ maxBytes, onEnd: end },
  });
  await recorder.start();
  const ended = await ending;
  await recorder.stop(ended);
  return { folder, batches, ended };
}
