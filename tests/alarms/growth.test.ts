import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Growth, type GrowthEvidence, grown, growthHeldMs } from '../../edge/alarms/incidents/growth.ts';
import { IncidentBook } from '../../edge/alarms/incidents/incident-book.ts';
import { Topology } from '../../edge/alarms/incidents/topology.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { parsePack } from '../../edge/config/packs.ts';
import type { RiskLevel } from '../../edge/core/alarm.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import type { PackAlarm, RiskGrowth } from '../../edge/core/pack.ts';
import { catalogueOf, claim } from './desk.ts';

const why = { zh: '压力 {value}，低于 {limit}', en: 'pressure {value}, below {limit}' };
const rules: readonly RiskGrowth[] = [
  { to: 'II', role: 'p', below: 0.2, hysteresis: 0.05, why },
  { to: 'I', role: 'p', below: 0.1, why },
  { to: 'III', downstream: 3 },
  { to: 'II', utilities: 2 },
  { to: 'I', unacknowledgedMin: 10 },
];
const nothing: GrowthEvidence = { value: () => 0.4, downstream: 0, utilities: 1, unacknowledgedMin: 0 };
const level = (growth: readonly Growth[]): RiskLevel => growth[0]?.level ?? 'IV';

/** Evidence of one moment, and how long it is until the next. */
const moment = fc.record({
  afterS: fc.integer({ min: 1, max: 200 }),
  p: fc.constantFrom(undefined, 0.05, 0.12, 0.18, 0.22, 0.3),
  downstream: fc.nat(4),
  utilities: fc.integer({ min: 1, max: 3 }),
  unacknowledgedMin: fc.constantFrom(0, 5, 10, 20),
});
type Moment = typeof moment extends fc.Arbitrary<infer Value> ? Value : never;

function courseOf(moments: readonly Moment[]): readonly RiskLevel[] {
  let growth: readonly Growth[] = [];
  let now = 0;
  return moments.map(({ afterS, p, ...known }) => {
    growth = grown('IV', rules, { ...known, value: () => p }, growth, now);
    now += afterS * 1000;
    return level(growth);
  });
}

describe('the level of an alarm', () => {
  it('is that of its gravest evidence, and says which in both languages', () => {
    const of = (evidence: Partial<GrowthEvidence>) => grown('IV', rules, { ...nothing, ...evidence }, [], 0)[0];
    expect(of({})).toBeUndefined();
    expect(of({ value: () => 0.1834 })).toMatchObject({
      ...{ level: 'II', why: { zh: '压力 0.183，低于 0.2', en: 'pressure 0.183, below 0.2' } },
    });
    expect(of({ downstream: 5 })).toMatchObject({ level: 'III', why: { zh: '下游 5 个对象' } });
    expect(of({ downstream: 5, utilities: 3 })).toMatchObject({ level: 'II', why: { en: '3 utilities are hit' } });
    expect(of({ unacknowledgedMin: 10 })).toMatchObject({ level: 'I', why: { zh: '10 分钟未确认' } });
    expect(of({ value: () => undefined })).toBeUndefined();
  });

  it('is what a look back over the whole record makes of it', () => {
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 40 }), (moments) => {
        expect(courseOf(moments)).toEqual(lookBack(moments));
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it('is never lower for more evidence, at any time', () => {
    const more = fc.record({ p: fc.boolean(), downstream: fc.nat(2), utilities: fc.nat(2), waits: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.tuple(moment, more), { maxLength: 40 }), (pairs) => {
        const less = courseOf(pairs.map(([one]) => one));
        const graver = courseOf(
          pairs.map(([one, plus]) => ({
            ...one,
            p: plus.p ? 0.05 : one.p,
            downstream: one.downstream + plus.downstream,
            utilities: one.utilities + plus.utilities,
            unacknowledgedMin: plus.waits ? 20 : one.unacknowledgedMin,
          })),
        );
        expect(graver.every((one, at) => one <= (less[at] as RiskLevel))).toBe(true);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });
});

/** For each moment the gravest level that some evidence of the last five minutes spoke for. */
function lookBack(moments: readonly Moment[]): readonly RiskLevel[] {
  let now = 0;
  const spoken: { readonly at: number; readonly of: RiskLevel }[] = [];
  const lately = (of: RiskLevel) => spoken.some((one) => one.of === of && now - one.at < growthHeldMs);
  return moments.map(({ afterS, p = 1, downstream, utilities, unacknowledgedMin }) => {
    const second = spoken.findLast(({ of }) => of === 'II');
    // held as the moment before had it: what it spoke for then was not over yet
    const held = second !== undefined && previousHad(moments, now, second.at);
    if (p < 0.1 || unacknowledgedMin >= 10) spoken.push({ at: now, of: 'I' });
    if (p < (held ? 0.25 : 0.2) || utilities >= 2) spoken.push({ at: now, of: 'II' });
    if (downstream >= 3) spoken.push({ at: now, of: 'III' });
    const found = (['I', 'II', 'III'] as const).find(lately) ?? 'IV';
    now += afterS * 1000;
    return found;
  });
}

/** Whether the moment before `now` still had the level that evidence spoke for at `at`. */
function previousHad(moments: readonly Moment[], now: number, at: number): boolean {
  let [time, previous] = [0, 0];
  for (const { afterS } of moments) {
    if (time >= now) break;
    previous = time;
    time += afterS * 1000;
  }
  return previous - at < growthHeldMs;
}

describe('the level of an incident', () => {
  const kinds: Readonly<Record<string, Partial<PackAlarm>>> = {
    burst: { riskLevel: 'III', spreads: 'downstream', spreadsAs: ['*'], grows: rules.filter(({ to }) => to !== 'III') },
    wet: { riskLevel: 'IV' },
  };
  function city() {
    let pressure = 0.4;
    const known = catalogueOf(kinds);
    const catalogue = {
      ...known,
      topology: new Topology(new Map([['main-1', ['gallery-1']]])),
      subject: (id: string) => ({ ...known.subject(id), utility: id.split('-')[0] as string }),
      value: (_: string, role: string) => (role === 'p' ? pressure : undefined),
    };
    const register = new AlarmRegister(catalogue);
    let book = new IncidentBook(catalogue);
    const journal: Event[] = [];
    const tell = (events: readonly NewEvent[]) => {
      for (const event of events)
        journal.push(
          JSON.parse(JSON.stringify({ ...event, stream: 'events', epoch: 'e', sequence: journal.length + 1 })),
        );
      return events.map(({ type, data }) => `${type} ${data['riskLevel']}`);
    };
    const take = (id: string, second: number, active = true) =>
      register.take(claim(id, 1000 * second, active)).flatMap((change) => {
        const { event, told } = book.take(change);
        return tell([event, ...told]).slice(1);
      });
    const acknowledge = (id: string, second: number) => {
      const change = register.acknowledge(id, 'op', 1000 * second);
      if (change) tell([book.take(change).event]);
    };
    const restart = () => {
      book = new IncidentBook(catalogue);
      for (const event of journal) book.restore(event);
      book.replayed();
    };
    return {
      ...{ take, acknowledge, restart, journal },
      tick: (second: number) => tell(book.tick(1000 * second)),
      jump: (byMs: number) => book.clockJumped(byMs),
      setPressure: (next: number) => {
        pressure = next;
      },
    };
  }

  it('rises with a value, stays for five minutes and for its hysteresis, and falls again, each told with the reason', () => {
    const { take, tick, setPressure, journal, acknowledge } = city();
    expect(take('main-1/burst', 0)).toEqual(['incident.opened III']);
    acknowledge('main-1/burst', 1);
    expect(tick(10)).toEqual([]);
    setPressure(0.15);
    expect(tick(20)).toEqual(['incident.changed II']);
    expect(journal.at(-1)?.data['riskWhy']).toEqual({ zh: '压力 0.15，低于 0.2', en: 'pressure 0.15, below 0.2' });
    setPressure(0.22);
    for (let second = 21; second < 400; second++) expect(tick(second)).toEqual([]);
    setPressure(0.3);
    for (let second = 400; second < 699; second++) expect(tick(second)).toEqual([]);
    expect(tick(699)).toEqual(['incident.changed III']);
    expect(journal.at(-1)?.data).not.toHaveProperty('riskWhy');
  });

  it('rises while nobody acknowledges, however the clock is set, and with an alarm of another utility', () => {
    const { take, tick, jump, acknowledge } = city();
    take('main-1/burst', 0);
    jump(3_600_000);
    expect(tick(3600 + 599)).toEqual([]);
    expect(tick(3600 + 600)).toEqual(['incident.changed I']);
    acknowledge('main-1/burst', 4210);
    expect(tick(4490)).toEqual([]);
    expect(tick(4500)).toEqual(['incident.changed III']);
    expect(take('gallery-1/wet', 4600)).toEqual([]);
    expect(tick(4601)).toEqual(['incident.changed II']);
    take('gallery-1/wet', 4700, false);
    expect(tick(4900)).toEqual([]);
    expect(tick(5001)).toEqual(['incident.changed III']);
  });

  it('goes on over a restart, and ends with the alarm that has grown', () => {
    const { take, tick, restart, acknowledge, setPressure } = city();
    take('gallery-1/wet', 0);
    take('main-1/burst', 1);
    acknowledge('main-1/burst', 2);
    setPressure(0.05);
    expect(tick(10)).toEqual(['incident.changed I']);
    restart();
    setPressure(0.4);
    expect(tick(20)).toEqual([]);
    expect(take('main-1/burst', 30, false)).toEqual(['incident.changed IV']);
  });
});

describe('packs', () => {
  const pack = (grows: string) => `
pack: p
version: 1
name: { zh: 文, en: text }
assets:
  a:
    name: { zh: 文, en: text }
    roles: { p: { name: { zh: 文, en: text }, unit: "" } }
    alarms:
      low: { priority: high, riskLevel: II, grows: [${grows}], message: &t { zh: 文, en: text }, cause: *t, response: *t }
`;
  const problemsOf = (grows: string) => parsePack('pack.yaml', pack(grows)).problems.map(({ message }) => message);

  it('say of an alarm how it grows, by one kind of evidence a rule, to a graver level than its own', () => {
    const words = 'why: { zh: 文, en: text }';
    expect(problemsOf(`{ to: I, utilities: 2 }, { to: I, role: p, below: 1, ${words} }`)).toEqual([]);
    expect(problemsOf('{ to: II, utilities: 2 }')[0]).toContain('graver than riskLevel');
    expect(problemsOf('{ to: I, utilities: 2, downstream: 3 }')[0]).toContain('exactly one of');
    expect(problemsOf('{ to: I, role: p, below: 1 }')[0]).toContain('a role needs why');
    expect(problemsOf(`{ to: I, role: p, below: 1, above: 2, ${words} }`)[0]).toContain('one of above, below');
    expect(problemsOf(`{ to: I, role: q, below: 1, ${words} }`)).toEqual(['unknown role "q"']);
  });
});
