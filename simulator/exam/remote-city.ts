import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Truth } from '../city/plant.ts';
import type { CityFeed, CityFeedOptions } from './city-feed.ts';
import { type CityReply, type CityRequest, memoryOf, type Stretch } from './frames.ts';
import { MirroredPlcs } from './mirrored-plcs.ts';
import { startThread } from './thread.ts';

/** Stretches that the city may be ahead. */
const aheadStretches = 3;

/**
 * The city in a thread of its own, which runs ahead of whoever looks: the same frames as in this thread, on a core of
 * their own. Rejects with what the thread threw.
 */
export async function openRemoteCity(options: CityFeedOptions): Promise<CityFeed> {
  const worker = startThread(import.meta.url, 'city-thread', options);
  const [built] = (await once(worker, 'message')) as [CityReply];
  if (built.type !== 'built') throw new Error('the thread of the city spoke out of turn');
  const plcs = new MirroredPlcs(built.city.plcs);
  plcs.show(built.first, 0);
  const stretches = new Stretches(worker);
  let stretch: Stretch | undefined;
  let frame = 0;
  const ask = (request: CityRequest, handedOver: readonly ArrayBuffer[] = []) =>
    worker.postMessage(request, handedOver);
  return {
    ...{ assets: built.city.assets, kinds: built.city.kinds, scans: plcs.scans },
    play(happenings) {
      ask({ type: 'play', happenings });
      for (let ahead = 0; ahead < aheadStretches; ahead++) ask({ type: 'more' });
    },
    async step() {
      frame++;
      if (!stretch || frame === stretch.frames) {
        if (stretch) ask({ type: 'more', into: { raw: stretch.raw, powered: stretch.powered } }, memoryOf(stretch));
        stretch = await stretches.next();
        frame = 0;
      }
      plcs.show(stretch, frame);
      const shown = frame;
      return stretch.truths.flatMap(([at, truth]): Truth[] => (at === shown ? [truth] : []));
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** Stretches in the order in which they come; ends with the thread's error. */
class Stretches {
  private readonly come: Stretch[] = [];
  private failure: unknown;
  private wake: (() => void) | undefined;

  constructor(worker: Worker) {
    worker.on('message', (reply: CityReply) => {
      if (reply.type === 'stretch') this.come.push(reply.stretch);
      this.wake?.();
    });
    worker.on('error', (error) => {
      this.failure = error;
      this.wake?.();
    });
  }

  async next(): Promise<Stretch> {
    for (;;) {
      const stretch = this.come.shift();
      if (stretch) return stretch;
      if (this.failure !== undefined) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
