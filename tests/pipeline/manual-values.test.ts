import { describe, expect, it } from 'vitest';
import { createBatch } from '../../edge/core/batch.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { Quality } from '../../edge/core/quality.ts';
import { type TagDefinition, TagTable } from '../../edge/core/tag.ts';
import { both, type Text } from '../../edge/core/text.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { ManualValues } from '../../edge/pipeline/manual-values.ts';
import { createPipeline } from '../../edge/pipeline/pipeline.ts';

const hourMs = 3_600_000;
const definition = (point: string, own: Partial<TagDefinition> = {}): TagDefinition => ({
  ...{ name: `plc/${point}`, device: 'plc', point, unit: 'bar', scale: 0.1, offset: 0, low: 0, high: 10 },
  ...{ deadband: 0, periodMs: 1000, description: '' },
  ...own,
});

const leakAbove = 2;

function plant(nameOf?: (tag: string) => Text | undefined) {
  const clock = new VirtualClock(1_000_000);
  const tags = new TagTable([
    definition('p'),
    definition('lel'),
    definition('name', { shows: 'text' }),
    definition('fan'),
  ]);
  const live = new LiveTable(tags.size);
  const events: NewEvent[] = [];
  const manual: ManualValues = new ManualValues({
    ...{ clock, tags: () => tags, guarded: (tag) => tag === 1, masks: (tag) => tag === 3, onChange: () => undefined },
    endangers: (tag, value) => tag === 1 && value > leakAbove,
    live,
    ...(nameOf ? { nameOf } : {}),
    push: (batch) => pipeline.push(batch),
    record: async (event) => void events.push(event),
  });
  const pipeline = createPipeline(tags, live, manual);
  pipeline.samples.subscribe();
  const poll = (value: number, quality: number = Quality.good, tag = 0) => {
    const batch = createBatch('plc', 1, clock.wallMs());
    batch.tags[0] = tag;
    batch.values[0] = value;
    batch.quality[0] = quality;
    batch.times[0] = clock.wallMs();
    pipeline.push(batch);
  };
  const shown = (tag = 0) => [live.values[tag], live.quality[tag], live.times[tag]];
  return { clock, manual, poll, shown, events, live };
}

const wish = { tag: 'plc/p', value: 3.2, by: '李工', reason: '变送器拆检', forMs: hourMs };

describe('a value set by hand', () => {
  it('stands at once in the place of the wire’s, marked as substituted, until somebody takes it back', async () => {
    const { clock, manual, poll, shown, events } = plant();
    poll(45);
    expect(shown()).toEqual([4.5, Quality.good, 1_000_000]);
    await manual.set(wish);
    expect(shown()).toEqual([3.2, Quality.substituted, 1_000_000]);
    await clock.advance(1000);
    poll(52);
    expect(shown()).toEqual([3.2, Quality.substituted, 1_001_000]);
    expect(await manual.end('plc/p', '王工')).toBe(true);
    expect(shown()).toEqual([5.2, Quality.good, 1_001_000]);
    expect(await manual.end('plc/p', '王工')).toBe(false);
    expect(events).toMatchObject([
      { type: 'value.substituted', subject: 'plc', data: { tag: 'plc/p', value: 3.2, by: '李工', until: 4_600_000 } },
      { type: 'value.restored', data: { endedBy: '王工' } },
    ]);
    expect(events[0]!.data['message']).toMatchObject({ zh: 'plc/p 人工置数 3.2 bar：变送器拆检（李工）' });
  });

  it('is told of by the name of its point, and of others by their tags', async () => {
    const { manual, events } = plant((tag) =>
      tag === 'plc/p' ? both('Tower Inlet pressure', '水塔 进口压力') : undefined,
    );
    await manual.set(wish);
    expect(events[0]!.data['message']).toEqual({
      zh: '水塔 进口压力 人工置数 3.2 bar：变送器拆检（李工）',
      en: 'Tower Inlet pressure set to 3.2 bar by hand: 变送器拆检 (李工)',
    });
    const refused = await manual.set({ ...wish, value: 11 }).catch((error: LifelineError) => error.told);
    expect(refused).toMatchObject({ zh: '将 水塔 进口压力 人工置为 11：范围为 0 至 10 bar' });
    await expect(manual.set({ ...wish, tag: 'plc/lel' })).rejects.toThrow('set plc/lel to 3.2 by hand');
  });

  it('shows what the wire says as bad again when its time is over', async () => {
    const { clock, manual, poll, shown } = plant();
    poll(Number.NaN, Quality.comm);
    await manual.set(wish);
    poll(Number.NaN, Quality.comm);
    expect(shown()[0]).toBe(3.2);
    await clock.advance(hourMs - 1);
    manual.tick();
    expect(manual.current()).toHaveLength(1);
    await clock.advance(1);
    manual.tick();
    await Promise.resolve();
    await Promise.resolve();
    expect(manual.current()).toEqual([]);
    expect(shown().slice(0, 2)).toEqual([Number.NaN, Quality.comm]);
  });

  it('is refused for a tag that a safety limit reads, texts, nonsense and for ever, and changes nothing then', async () => {
    const { manual, live } = plant();
    const codeOf = (own: object) =>
      manual.set({ ...wish, ...own }).then(
        () => 'set',
        ({ code }) => code,
      );
    expect(await codeOf({ tag: 'plc/lel' })).toBe('LL-MANUAL-SAFETY');
    expect(await codeOf({ tag: 'plc/name' })).toBe('LL-MANUAL-TAG');
    expect(await codeOf({ tag: 'plc/none' })).toBe('LL-MANUAL-TAG');
    expect(await codeOf({ value: 11 })).toBe('LL-MANUAL-RANGE');
    expect(await codeOf({ value: Number.NaN })).toBe('LL-MANUAL-RANGE');
    expect(await codeOf({ forMs: 8 * 24 * hourMs })).toBe('LL-MANUAL-TIME');
    expect(manual.current()).toEqual([]);
    expect(live.quality[0]).toBe(Quality.notConnected);
  });

  it('stands again after a restart', async () => {
    const { manual, events } = plant();
    await manual.set(wish);
    const next = plant();
    for (const event of events)
      next.manual.restore({ ...event, stream: 'events', epoch: 'e', sequence: 1 } satisfies Event);
    next.manual.adopt();
    expect(next.shown().slice(0, 2)).toEqual([3.2, Quality.substituted]);
    expect(next.manual.current()).toMatchObject([{ tag: 'plc/p', by: '李工' }]);
  });
});

const test = { tag: 'plc/lel', value: 40, by: '李工', reason: '回路试验', forMs: hourMs / 2, simulated: true };

describe('a value simulated to test a loop', () => {
  it('stands in the place of the wire’s on a tag of a safety limit and beyond its range, and shows what is measured', async () => {
    const { manual, poll, shown, events, clock } = plant();
    poll(5, Quality.good, 1);
    await manual.set(test);
    expect(shown(1).slice(0, 2)).toEqual([40, Quality.substituted]);
    expect([manual.simulated(1), manual.simulated(0)]).toEqual([true, false]);
    expect(manual.current()).toMatchObject([{ tag: 'plc/lel', value: 40, simulated: true, real: 0.5 }]);
    await clock.advance(1000);
    poll(7, Quality.good, 1);
    expect(manual.current()[0]?.real).toBeCloseTo(0.7);
    expect(events[0]).toMatchObject({ type: 'value.substituted', data: { simulated: true } });
    expect(events[0]?.data['message']).toMatchObject({ zh: 'plc/lel 仿真 40 bar：回路试验（李工）' });
    await manual.end('plc/lel', '李工');
    expect(shown(1)[0]).toBeCloseTo(0.7);
    expect(shown(1)[1]).toBe(Quality.good);
  });

  it('ends at once, before anybody reads the sample, when the measured value is beyond a safety limit', async () => {
    const { manual, poll, shown, events } = plant();
    poll(5, Quality.good, 1);
    await manual.set({ ...test, value: 0 });
    poll(31, Quality.good, 1);
    expect(shown(1)[0]).toBeCloseTo(3.1);
    expect(shown(1)[1]).toBe(Quality.good);
    expect(manual.current()).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'value.restored', data: { tag: 'plc/lel', endedBy: 'lifeline' } });
    expect(await manual.set(test).catch(({ code }) => code)).toBe('LL-MANUAL-DANGER');
  });

  it('is refused for longer than half an hour, for no number, and where another safety limit rests on the tag', async () => {
    const { manual } = plant();
    const codeOf = (own: object) => manual.set({ ...test, ...own }).catch(({ code }) => code);
    expect(await codeOf({ forMs: hourMs / 2 + 1 })).toBe('LL-MANUAL-TEST-TIME');
    expect(await codeOf({ forMs: 0 })).toBe('LL-MANUAL-TEST-TIME');
    expect(await codeOf({ value: Number.NaN })).toBe('LL-MANUAL-RANGE');
    expect(await codeOf({ tag: 'plc/fan' })).toBe('LL-MANUAL-MASKS');
    expect(manual.current()).toEqual([]);
  });

  it('is over after its time, and after a restart', async () => {
    const { clock, manual, events } = plant();
    await manual.set(test);
    const next = plant();
    for (const event of events)
      next.manual.restore({ ...event, stream: 'events', epoch: 'e', sequence: 1 } satisfies Event);
    next.manual.adopt();
    expect(next.manual.current()).toEqual([]);
    expect(next.shown(1)[1]).toBe(Quality.notConnected);
    expect(next.events).toMatchObject([{ type: 'value.restored', data: { endedBy: 'lifeline' } }]);
    await clock.advance(hourMs / 2);
    manual.tick();
    await Promise.resolve();
    await Promise.resolve();
    expect(manual.current()).toEqual([]);
  });
});
