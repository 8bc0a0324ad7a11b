import type { ClientSession } from 'node-opcua';
import { createBatch } from '../../edge/core/batch.ts';
import type { Clock } from '../../edge/core/clock.ts';
import type { PollGroup } from '../api.ts';
import { opcuaErrors } from './errors.ts';
import { readInParts, type ServerLimits } from './limits.ts';
import type { Place } from './nodes.ts';
import type { OpcuaStack } from './stack.ts';
import { attributeOf, sampleOf } from './value.ts';

export interface PollContext {
  readonly stack: OpcuaStack;
  readonly session: ClientSession;
  readonly limits: ServerLimits;
  readonly clock: Clock;
  readonly device: string;
  readonly target: string;
}

/** Points of one period, read in as few calls as the server allows: for servers that refuse to subscribe them. */
export function pollGroup(context: PollContext, places: readonly Place[], periodMs: number): PollGroup {
  const { stack, session, limits, clock, device, target } = context;
  const tags = Int32Array.from(places, ({ point }) => point.tag);
  const asked = places.map((place) => attributeOf(stack, place));
  return {
    periodMs,
    tags,
    async read() {
      const answers = await readInParts(session, asked, limits).catch((cause: unknown) => {
        const text = cause instanceof Error ? cause.message : String(cause);
        throw opcuaErrors.create('LOST', `read ${places.length} points of ${target}: ${text}`, cause);
      });
      const received = clock.wallMs();
      const batch = createBatch(device, places.length, received);
      batch.tags.set(tags);
      for (const [row, data] of answers.entries()) {
        const { value, quality } = sampleOf(stack, data, places[row]?.element);
        batch.values[row] = value;
        batch.quality[row] = quality;
        batch.times[row] = (data.sourceTimestamp ?? data.serverTimestamp)?.getTime() ?? received;
      }
      return batch;
    },
  };
}
