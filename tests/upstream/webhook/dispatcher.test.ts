import { describe, expect, it } from 'vitest';
import type { Event } from '../../../edge/core/event.ts';
import { seededRandom } from '../../../edge/core/random.ts';
import { asText } from '../../../edge/core/text.ts';
import { VirtualClock } from '../../../edge/core/virtual-clock.ts';
import { deadLetterErrors } from '../../../edge/upstream/errors.ts';
import { Dispatcher, type DispatcherParts } from '../../../edge/upstream/webhook/dispatcher.ts';
import { webhookErrors } from '../../../edge/upstream/webhook/errors.ts';
import type { Outcome } from '../../../edge/upstream/webhook/outcome.ts';

const hourMs = 3_600_000;
const taken: Outcome = { kind: 'taken' };
const failing: Outcome = {
  ...{ kind: 'again', answered: true, retryAfterMs: undefined },
  error: webhookErrors.create('FAILED', asText('post: status 500')),
};
const away: Outcome = {
  ...failing,
  answered: false,
  error: webhookErrors.create('UNREACHABLE', asText('post: nobody')),
};

const eventOf = (sequence: number, subject: string): Event => ({
  ...{
    stream: 'events',
    epoch: 'e',
    sequence,
    type: 'alarm.raised',
    time: sequence,
    subject,
    utility: 'water',
    data: {},
  },
});

/** A dispatcher over a receiver that is a function of what it is sent. */
function dispatcherOf(
  receive: (events: readonly Event[], request: number) => Outcome,
  given: Partial<DispatcherParts> = {},
) {
  const clock = new VirtualClock();
  const ending = new AbortController();
  const requests: { readonly ms: number; readonly numbers: readonly number[] }[] = [];
  const buried: number[] = [];
  const dispatcher = new Dispatcher(
    {
      ...{ clock, random: seededRandom(1), parallel: 2, batch: 10, deadLetterAfterMs: 24 * hourMs },
      post: (events) => {
        requests.push({ ms: clock.monotonicMs(), numbers: events.map(({ sequence }) => sequence) });
        return Promise.resolve(receive(events, requests.length));
      },
      bury: async ({ sequence }) => {
        buried.push(sequence);
      },
      onTry: () => undefined,
      ...given,
    },
    ending.signal,
  );
  const settled = new Map<number, boolean>();
  const send = (event: Event) => void dispatcher.send(event).then((was) => settled.set(event.sequence, was));
  return { clock, ending, requests, buried, settled, send };
}

describe('the dispatcher of a webhook', () => {
  it('backs off up to a minute from a receiver that is away, for days, and buries nothing', async () => {
    const { clock, requests, buried, settled, send } = dispatcherOf((_, request) => (request > 4_000 ? taken : away));
    send(eventOf(1, 'a'));
    await clock.advance(2 * 24 * hourMs);
    const pausesMs = requests.map(({ ms }, index) => ms - (requests[index - 1]?.ms ?? 0));
    expect(Math.max(...pausesMs)).toBeLessThanOrEqual(60_000);
    expect(requests.length).toBeLessThan((2 * 24 * hourMs) / 30_000);
    expect(buried).toEqual([]);
    await clock.advance(2 * 24 * hourMs);
    expect(settled).toEqual(new Map([[1, true]]));
  });

  it('waits as long as the receiver asks', async () => {
    const busy: Outcome = { ...failing, retryAfterMs: 90_000 };
    const { clock, requests, send } = dispatcherOf((_, request) => (request === 1 ? busy : taken));
    send(eventOf(1, 'a'));
    await clock.advance(200_000);
    expect(requests.map(({ ms }) => ms)).toEqual([0, 90_000]);
  });

  it('buries an event after the stated time when the receiver fails at everything', async () => {
    const { clock, buried, settled, send } = dispatcherOf(() => failing);
    send(eventOf(1, 'a'));
    await clock.advance(24 * hourMs - 1);
    expect(buried).toEqual([]);
    await clock.advance(61_000);
    expect(buried).toEqual([1]);
    expect(settled).toEqual(new Map([[1, false]]));
  });

  it('finds the one event of a batch at which the receiver fails, and buries it within ten minutes or so', async () => {
    const { clock, buried, settled, send } = dispatcherOf((events) =>
      events.some(({ sequence }) => sequence === 3) ? failing : taken,
    );
    for (const sequence of [1, 2, 3, 4, 5]) send(eventOf(sequence, `asset-${sequence}`));
    await clock.advance(60_000);
    expect([...settled.keys()].sort()).toEqual([1, 2, 4, 5]);
    await clock.advance(11 * 60_000);
    expect(buried).toEqual([3]);
  });

  it('keeps the order of every asset and at most one request of it, while an asset that fails holds only itself', async () => {
    const seen: number[] = [];
    const { clock, send, settled } = dispatcherOf(
      (events) => {
        if (events.some(({ subject }) => subject === 'bad')) return failing;
        seen.push(...events.map(({ sequence }) => sequence));
        return taken;
      },
      { batch: 1 },
    );
    for (let sequence = 1; sequence <= 30; sequence++)
      send(eventOf(sequence, sequence % 3 === 0 ? 'bad' : `good-${sequence % 3}`));
    await clock.advance(10_000);
    for (const rest of [1, 2]) {
      const ofAsset = seen.filter((sequence) => sequence % 3 === rest);
      expect(ofAsset).toEqual([...ofAsset].sort((a, b) => a - b));
      expect(ofAsset.length).toBe(10);
    }
    expect(settled.size).toBe(20);
  });

  it('goes on trying, and tells nobody that it is done, while a dead letter cannot be kept', async () => {
    let full = true;
    const troubles: (string | undefined)[] = [];
    const refused: Outcome = { kind: 'refused', error: webhookErrors.create('REFUSED', asText('post: status 400')) };
    const { clock, settled, send } = dispatcherOf(() => refused, {
      bury: async () => {
        if (full) throw deadLetterErrors.create('FULL', asText('keep 1'));
      },
      onTry: (trouble) => troubles.push(trouble?.code),
    });
    send(eventOf(1, 'a'));
    await clock.advance(hourMs);
    expect(settled.size).toBe(0);
    expect(troubles.at(-1)).toBe('LL-DEADLETTER-FULL');
    full = false;
    await clock.advance(60_000);
    expect(settled).toEqual(new Map([[1, false]]));
  });

  it('tells nobody anything once it has ended', async () => {
    const { clock, ending, settled, send } = dispatcherOf(() => failing);
    send(eventOf(1, 'a'));
    await clock.advance(1_000);
    ending.abort();
    await clock.advance(48 * hourMs);
    expect(settled.size).toBe(0);
  });
});
