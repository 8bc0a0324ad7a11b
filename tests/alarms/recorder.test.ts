import { expect, it } from 'vitest';
import { EventRecorder } from '../../edge/alarms/recorder.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';

const event = (time: number): NewEvent => ({ type: 'alarm.raised', time, subject: 'a', utility: 'water', data: {} });

/** A journal whose disk can be taken away. */
function disk() {
  const written: Event[] = [];
  const state = { broken: false };
  const append = async (events: readonly NewEvent[]) => {
    if (state.broken) throw new Error('ENOSPC');
    const stored = events.map((entry, index) => ({
      ...entry,
      stream: 's',
      epoch: 'e',
      sequence: written.length + index + 1,
    }));
    written.push(...stored);
    return stored;
  };
  return { written, state, append };
}

it('keeps events while the journal refuses them and writes them in order once it takes them again', async () => {
  const clock = new VirtualClock();
  const journal = disk();
  const recorder = new EventRecorder(journal, clock, silentLog);
  await recorder.record(event(1));
  journal.state.broken = true;
  const later = [2, 3, 4].map((time) => recorder.record(event(time)));
  await clock.advance(5000);
  expect(recorder.pending).toBe(3);
  journal.state.broken = false;
  await clock.advance(2500);
  expect((await Promise.all(later)).map((stored) => stored.sequence)).toEqual([2, 3, 4]);
  expect(journal.written.map((stored) => stored.time)).toEqual([1, 2, 3, 4]);
});

it('tries once more when it is stopped', async () => {
  const clock = new VirtualClock();
  const journal = disk();
  const recorder = new EventRecorder(journal, clock, silentLog);
  journal.state.broken = true;
  void recorder.record(event(1));
  await clock.advance(100);
  journal.state.broken = false;
  await recorder.stop();
  expect(journal.written).toHaveLength(1);
});

it('writes every event once when it is stopped while it writes', async () => {
  const journal = disk();
  const slow = async (events: readonly NewEvent[]) => {
    await new Promise((done) => setImmediate(done));
    return journal.append(events);
  };
  const recorder = new EventRecorder({ append: slow }, new VirtualClock(), silentLog);
  for (const time of [1, 2, 3]) void recorder.record(event(time));
  await recorder.stop();
  expect(journal.written.map(({ time }) => time)).toEqual([1, 2, 3]);
});
