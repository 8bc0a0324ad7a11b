import type { JetStreamManager } from '@nats-io/jetstream';
import { both } from '../../core/text.ts';
import type { StreamOptions } from './options.ts';
import { publishTrouble } from './refusals.ts';

const msPerHour = 3_600_000;
const msPerMinute = 60_000;
const nanosPerMs = 1e6;

/** What a stream is created of, and where. */
export interface WantedStream {
  readonly stream: StreamOptions;
  /** All that it takes. */
  readonly subjects: string;
  readonly url: string;
}

/** Creates a stream where there is none; one that exists stays as it is. Rejects with a coded error. */
export async function createStream(manager: JetStreamManager, { stream, subjects, url }: WantedStream): Promise<void> {
  const { name, maxAgeHours, maxMb, duplicateWindowMinutes, replicas } = stream;
  try {
    await manager.streams.info(name);
    return;
  } catch (error) {
    const trouble = publishTrouble(both(`look for stream ${name} at ${url}`, `在 ${url} 查找流 ${name}`), error);
    if (!(error instanceof Error && error.name === 'StreamNotFoundError')) throw trouble;
  }
  try {
    await manager.streams.add({
      ...{ name, subjects: [subjects], num_replicas: replicas, max_bytes: Math.round(maxMb * 1e6) },
      max_age: maxAgeHours * msPerHour * nanosPerMs,
      // the server refuses a window that is longer than what it keeps
      duplicate_window: Math.min(duplicateWindowMinutes * msPerMinute, maxAgeHours * msPerHour) * nanosPerMs,
    });
  } catch (error) {
    throw publishTrouble(both(`create stream ${name} at ${url}`, `在 ${url} 建立流 ${name}`), error);
  }
}
