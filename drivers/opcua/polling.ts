import type { ClientSession } from 'node-opcua';
import { createBatch } from '../../edge/core/batch.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { both } from '../../edge/core/text.ts';
import { isTextType, type PollGroup } from '../api.ts';
import { opcuaErrors, stackText } from './errors.ts';
import { readInParts, type ServerLimits } from './limits.ts';
import type { MisfitReport } from './misfits.ts';
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
  readonly misfits: MisfitReport;
}

/** Points of one period, read in as few calls as the server allows: for servers that refuse to subscribe them. */
export function pollGroup(context: PollContext, places: readonly Place[], periodMs: number): PollGroup {
  const { stack, session, limits, clock, device, target, misfits } = context;
  const tags = Int32Array.from(places, ({ point }) => point.tag);
  const hasTexts = places.some(({ point }) => isTextType(point.type));
  const asked = places.map((place) => attributeOf(stack, place));
  return {
    periodMs,
    tags,
    async read() {
      const answers = await readInParts(session, asked, limits).catch((cause: unknown) => {
        const text = both(
          `read ${places.length} points of ${target}: ${stackText(cause)}`,
          `读取 ${target} 的 ${places.length} 个点：“${stackText(cause)}”`,
        );
        throw opcuaErrors.create('LOST', text, cause);
      });
      const received = clock.wallMs();
      const texts = hasTexts ? new Map<number, string>() : undefined;
      const batch = createBatch(device, places.length, received, texts);
      batch.tags.set(tags);
      for (const [row, data] of answers.entries()) {
        const place = places[row] as Place;
        const { value, quality, text, misfit } = sampleOf(stack, data, place);
        batch.values[row] = value;
        batch.quality[row] = quality;
        batch.times[row] = (data.sourceTimestamp ?? data.serverTimestamp)?.getTime() ?? received;
        if (text !== undefined) texts?.set(place.point.tag, text);
        if (misfit !== undefined) misfits.take(place.point, misfit);
      }
      return batch;
    },
  };
}
