import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearness } from '../../edge/alarms/incidents/incident.ts';
import { IncidentBook } from '../../edge/alarms/incidents/incident-book.ts';
import { Topology } from '../../edge/alarms/incidents/topology.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { loadPacks } from '../../edge/config/packs.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import type { Finding } from '../../edge/core/finding.ts';
import type { PackAlarm } from '../../edge/core/pack.ts';

const minute = 60_000;
const feeds = {
  feeder: ['room-1', 'room-2'],
  'room-1': ['pump'],
  'room-2': ['lamp'],
  pump: ['district-1', 'district-2'],
  'sewer-1': ['sewer-2'],
};

/** Kinds by their name: what they spread and how grave they are. */
const kinds: Readonly<Record<string, Partial<PackAlarm>>> = {
  tripped: { spreads: 'downstream', spreadsAs: ['*'], riskLevel: 'I' },
  'pressure-low': { spreads: 'downstream', spreadsAs: ['noise', 'supply-low'] },
  'backed-up': { spreads: 'upstream', spreadsAs: ['noise'] },
  noise: { riskLevel: 'IV' },
  worn: { explains: ['noise'] },
  faint: { suppressedBy: ['worn'] },
  'supply-low': { spreads: 'upstream', spreadsAs: ['pressure-low'] },
  'voltage-high': { spreads: 'downstream', explains: ['worn'] },
  dug: { spreads: 'upstream', spreadsAs: ['pressure-low'], explains: ['supply-low'] },
  miswired: { explains: ['*'] },
};
const text = { zh: '', en: '' };
const catalogue = {
  topology: new Topology(new Map(Object.entries(feeds))),
  subject: (id: string) => ({ id, name: id, utility: 'water', grid: '', location: undefined }),
  alarm: (_: string, kind: string): PackAlarm => ({
    ...{
      priority: 'high',
      riskLevel: 'II',
      safety: false,
      message: { zh: kind, en: kind },
      cause: text,
      response: text,
    },
    ...kinds[kind],
  }),
};

const evidenceOf = (tag: string) => ({ tag, observed: 1, expected: 0, unit: '', windowS: 0 });

/** A register with its incidents; `say` raises or clears, minute by minute. */
function city() {
  const register = new AlarmRegister(catalogue);
  const book = new IncidentBook(catalogue);
  const journal: NewEvent[] = [];
  const say = (asset: string, kind: string, atMin: number, active = true, tag = asset, from = 'test') =>
    tell({ asset, kind, from, active, score: 1, time: atMin * minute, evidence: [evidenceOf(tag)] });
  /** Raises what can have been on its way for some time. */
  const sayLate = (asset: string, kind: string, atMin: number, sinceMin: number) =>
    tell({
      ...{ asset, kind, from: 'test', active: true, score: 1, time: atMin * minute, since: sinceMin * minute },
      evidence: [evidenceOf(asset)],
    });
  const tell = (finding: Finding) => {
    const { asset, kind } = finding;
    const [change] = register.take(finding);
    if (!change) throw new Error(`${asset}/${kind} changes nothing`);
    const { event, told } = book.take(change);
    journal.push(event, ...told);
    return String(event.data['incident']);
  };
  const told = () =>
    journal
      .filter(({ type }) => type.startsWith('incident.'))
      .map(
        ({ type, data }) => `${type.slice('incident.'.length)} ${data['asset']}/${data['kind']} ${data['riskLevel']}`,
      );
  /** The detector of an alarm that stands says where it is. */
  const place = (asset: string, kind: string, atMin: number, id: string) => {
    const finding = { asset, kind, from: 'test', active: true, score: 1, time: atMin * minute, evidence: [] };
    const located = [{ id, location: null, probability: 0.7, distanceM: null, withinM: null }];
    const [change] = register.take({ ...finding, place: located });
    if (!change) throw new Error(`${asset}/${kind} changes nothing`);
    const { event, told } = book.take(change);
    journal.push(event, ...told);
    return [event, ...told].map(({ type, data }) => [type, data['incident'], data['place']]);
  };
  return { book, say, sayLate, told, place, journal };
}

describe('topology', () => {
  it('knows how far down something lies, and whether two have one source', () => {
    const { topology } = catalogue;
    expect([topology.distance('feeder', 'district-1'), topology.distance('pump', 'feeder')]).toEqual([3, undefined]);
    expect(topology.haveOneSource('lamp', 'district-2')).toBe(true);
    expect(topology.haveOneSource('lamp', 'sewer-2')).toBe(false);
  });

  it('ends where things feed each other', () => {
    const ring = new Topology(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['a', 'b']],
      ]),
    );
    expect(ring.distance('a', 'c')).toBe(2);
  });
});

describe('incidents', () => {
  it('go on where their cause comes again within half an hour, and hold what it kept out of view', () => {
    const { say, told } = city();
    const first = say('lamp', 'worn', 0);
    say('lamp', 'worn', 5, false);
    expect(say('lamp', 'worn', 34)).toBe(first);
    say('lamp', 'worn', 40, false);
    expect(say('lamp', 'faint', 69)).toBe(first);
    say('lamp', 'faint', 70, false);
    expect(say('lamp', 'worn', 101)).not.toBe(first);
    expect(told().filter((line) => line.startsWith('opened'))).toHaveLength(4);
  });

  it('hold alarms of one asset, and those downstream of what spreads', () => {
    const { say, told } = city();
    const first = say('pump', 'pressure-low', 0);
    expect(say('pump', 'noise', 5)).toBe(first);
    expect(say('district-2', 'noise', 12)).toBe(first);
    expect(say('sewer-1', 'noise', 12)).not.toBe(first);
    expect(told()).toEqual(['opened pump/pressure-low II', 'opened sewer-1/noise IV']);
  });

  it('take what explains their first alarm for the cause, however late it is told', () => {
    const { say, told, book } = city();
    const incident = say('district-1', 'noise', 0);
    expect(say('pump', 'pressure-low', 1)).toBe(incident);
    expect(say('feeder', 'tripped', 2)).toBe(incident);
    expect(told()).toEqual(['opened district-1/noise IV', 'changed pump/pressure-low II', 'changed feeder/tripped I']);
    expect([...(book.current()[0]?.members.keys() ?? [])]).toEqual([
      'district-1/noise',
      'pump/pressure-low',
      'feeder/tripped',
    ]);
  });

  it('take a fault for the cause of its symptoms on the same asset, and a wrong signal for that of all that rests on it', () => {
    const { say, told } = city();
    say('pump', 'noise', 0);
    say('pump', 'worn', 1);
    say('lamp', 'noise', 40, true, 'plc/level');
    say('lamp', 'miswired', 41, true, 'plc/flow');
    say('sewer-1', 'noise', 80, true, 'plc/flow');
    say('sewer-1', 'miswired', 81, true, 'plc/flow');
    expect(told()).toEqual([
      'opened pump/noise IV',
      'changed pump/worn II',
      'opened lamp/noise IV',
      'changed lamp/noise II',
      'opened sewer-1/noise IV',
      'changed sewer-1/miswired II',
    ]);
  });

  it('hold all that rests on one signal, whichever of the assets that share it says so', () => {
    const { say, told } = city();
    const signal = say('pump', 'noise', 0, true, 'plc/level', 'instrument');
    expect(say('lamp', 'supply-low', 5, true, 'plc/level')).toBe(signal);
    expect(say('sewer-1', 'miswired', 6, true, 'plc/level', 'instrument')).toBe(signal);
    expect(say('lamp', 'supply-low', 7, false, 'plc/level')).toBe(signal);
    expect(say('lamp', 'worn', 60, true, 'plc/flow')).not.toBe(signal);
    expect(told().slice(0, 2)).toEqual(['opened pump/noise IV', 'changed pump/noise II']);
    expect(told()).toContain('changed sewer-1/miswired II');
  });

  it('take for consequences of a condition only what it can do', () => {
    const { say } = city();
    const high = say('feeder', 'voltage-high', 0);
    expect(say('room-1', 'voltage-high', 9)).toBe(high);
    expect(say('pump', 'worn', 10)).toBe(high);
    expect(say('lamp', 'noise', 10)).not.toBe(high);
  });

  it('take instruments below for startled by a condition, at once and not later', () => {
    const { say } = city();
    const high = say('feeder', 'voltage-high', 0);
    expect(say('pump', 'spikes', 2, true, 'plc/flow', 'instrument')).toBe(high);
    expect(say('lamp', 'spikes', 9, true, 'plc/lux', 'instrument')).not.toBe(high);
  });

  it('believe what came first of two that could explain each other, but for a cause whose symptoms are known', () => {
    const { say, told } = city();
    say('pump', 'pressure-low', 0);
    say('district-1', 'supply-low', 1);
    say('district-1', 'dug', 2);
    expect(told()).toEqual(['opened pump/pressure-low II', 'changed district-1/dug II']);
  });

  it('do not take a signal, nor what stood for long, for the cause of what the asset does', () => {
    const { say } = city();
    const signal = say('pump', 'noise', 0, true, 'plc/level', 'instrument');
    const trip = say('pump', 'tripped', 5, true, 'plc/run');
    expect(trip).not.toBe(signal);
    expect(say('pump', 'pressure-low', 10, true, 'plc/pressure')).toBe(trip);
    expect(say('pump', 'spikes', 12, true, 'plc/power', 'instrument')).toBe(trip);
    expect(say('pump', 'worn', 90, true, 'plc/power')).not.toBe(trip);
  });

  it('take what goes on after an end for the aftermath of what it was, and open again', () => {
    const { say, told, book } = city();
    const incident = say('pump', 'pressure-low', 0);
    say('pump', 'pressure-low', 90, false);
    expect(book.current()).toEqual([]);
    expect(say('lamp', 'noise', 100)).not.toBe(incident);
    expect(say('district-1', 'noise', 110)).toBe(incident);
    say('district-1', 'noise', 111, false);
    expect(say('district-2', 'noise', 150)).not.toBe(incident);
    expect(told()).toEqual([
      ...['opened pump/pressure-low II', 'closed pump/pressure-low II', 'opened lamp/noise IV'],
      ...['opened pump/pressure-low IV', 'closed pump/pressure-low II', 'opened district-2/noise IV'],
    ]);
  });

  it('hold what a cause that is long over brings about, for as long as what it moved has not come back', () => {
    const { say, sayLate, told } = city();
    const incident = say('pump', 'pressure-low', 0);
    say('pump', 'pressure-low', 90, false);
    expect(say('district-1', 'noise', 150)).not.toBe(incident);
    expect(sayLate('district-2', 'noise', 300, 60)).toBe(incident);
    expect(told().at(-1)).toBe('opened pump/pressure-low IV');
    expect(sayLate('lamp', 'noise', 310, 60)).not.toBe(incident);
    const standing = city();
    const first = standing.say('feeder', 'tripped', 0);
    standing.say('lamp', 'worn', 1);
    standing.say('feeder', 'tripped', 20, false);
    expect(standing.say('district-1', 'noise', 70)).not.toBe(first);
    expect(standing.sayLate('district-2', 'noise', 75, 50)).toBe(first);
    expect(standing.sayLate('pump', 'noise', 2000, 51)).not.toBe(first);
  });

  it('leave an alarm that was raised anew where it is when what it was part of opens again', () => {
    const { say } = city();
    const incident = say('pump', 'pressure-low', 0);
    expect(say('pump', 'worn', 5)).toBe(incident);
    say('pump', 'worn', 6, false);
    say('pump', 'pressure-low', 40, false);
    const anew = say('pump', 'worn', 45);
    expect(anew).not.toBe(incident);
    expect(say('district-1', 'noise', 50)).toBe(incident);
    expect(say('pump', 'worn', 60, false)).toBe(anew);
  });

  it('do not mix what strikes an asset with what reaches it from elsewhere', () => {
    const { say } = city();
    const high = say('feeder', 'voltage-high', 0);
    expect(say('lamp', 'voltage-high', 5)).toBe(high);
    expect(say('lamp', 'dug', 9)).not.toBe(high);
    expect(say('feeder', 'dug', 10)).toBe(high);
  });

  it('take a signal that leaps for the doing of what its asset suffers, at once and at its end, not before', () => {
    const { say, told } = city();
    const first = say('pump', 'noise', 0, true, 'plc/flow', 'instrument');
    expect(say('pump', 'worn', 1, true, 'plc/flow')).toBe(first);
    expect(say('pump', 'spikes', 90, true, 'plc/flow', 'instrument')).toBe(first);
    expect(told()).toEqual(['opened pump/noise IV', 'changed pump/worn II']);
    const odd = say('lamp', 'noise', 100, true, 'plc/lux', 'instrument');
    expect(say('lamp', 'tripped', 103, true, 'plc/lux')).toBe(odd);
    expect(told().at(-1)).toBe('changed lamp/noise I');
  });

  it('follow what spreads upstream, as water that is held back does', () => {
    const { say } = city();
    expect(say('sewer-1', 'noise', 20)).not.toBe(say('sewer-2', 'noise', 0));
    const held = city();
    expect(held.say('sewer-1', 'noise', 20)).toBe(held.say('sewer-2', 'backed-up', 21));
  });

  it('join alike alarms of one moment below one source, and only those', () => {
    const { say } = city();
    const first = say('lamp', 'noise', 0);
    expect(say('district-1', 'noise', 1)).toBe(first);
    expect(say('district-2', 'noise', 9)).not.toBe(first);
  });

  it('do not take for a consequence what comes long after the cause is over', () => {
    const { say } = city();
    const first = say('pump', 'pressure-low', 0);
    say('pump', 'noise', 1);
    say('pump', 'pressure-low', 5, false);
    expect(say('district-1', 'noise', 50)).not.toBe(first);
  });

  it('rise and fall with what stands, and end when nothing does', () => {
    const { say, told, book } = city();
    say('feeder', 'noise', 0);
    say('feeder', 'tripped', 1);
    say('feeder', 'tripped', 2, false);
    say('feeder', 'noise', 3, false);
    expect(told()).toEqual([
      'opened feeder/noise IV',
      'changed feeder/noise I',
      'changed feeder/noise IV',
      'closed feeder/noise IV',
    ]);
    expect(book.current()).toEqual([]);
    expect(say('feeder', 'noise', 4)).toBe('feeder/noise@0');
    say('feeder', 'noise', 5, false);
    expect(say('feeder', 'noise', 36)).toBe(`feeder/noise@${36 * minute}`);
  });

  it('change with the place of their cause, and not with that of what follows from it', () => {
    const { say, place, told } = city();
    const incident = say('pump', 'tripped', 0);
    say('district-1', 'noise', 1);
    const located = [expect.objectContaining({ id: 'p-7' })];
    expect(place('pump', 'tripped', 2, 'p-7')).toEqual([
      ['alarm.changed', incident, located],
      ['incident.changed', incident, located],
    ]);
    expect(place('district-1', 'noise', 3, 'p-9')).toMatchObject([['alarm.changed', incident, [{ id: 'p-9' }]]]);
    expect(told()).toEqual(['opened pump/tripped I', 'changed pump/tripped I']);
  });

  it('are after a restart what the journal says of them', () => {
    const before = city();
    before.say('district-1', 'noise', 0);
    before.say('feeder', 'tripped', 2);
    before.say('sewer-1', 'noise', 3);
    before.say('sewer-1', 'noise', 4, false);
    before.say('sewer-2', 'backed-up', 5);
    before.say('sewer-2', 'backed-up', 6, false);
    const book = new IncidentBook(catalogue);
    for (const [sequence, event] of before.journal.entries())
      book.restore(JSON.parse(JSON.stringify({ ...event, stream: 'events', epoch: 'e', sequence })) as Event);
    expect(book.current()).toEqual(before.book.current());
    const late = {
      asset: 'sewer-1',
      kind: 'noise',
      from: 'test',
      active: true,
      score: 1,
      time: 20 * minute,
      evidence: [],
    };
    const incidentAfter = (one: IncidentBook) =>
      one.take(new AlarmRegister(catalogue).take(late)[0]!).event.data['incident'];
    expect(incidentAfter(book)).toBe(`sewer-2/backed-up@${5 * minute}`);
    const [, incident] = book.current();
    expect([incident?.root, incident?.members.size]).toEqual(['feeder/tripped', 2]);
  });
});

it('a new alarm becomes part of the incident that looking at every open one finds nearest', () => {
  const assets = [...new Set(Object.entries(feeds).flat(2)), 'alone-1', 'alone-2'];
  const claims = fc.record({
    asset: fc.constantFrom(...assets),
    kind: fc.constantFrom(...Object.keys(kinds)),
    from: fc.constantFrom('limit', 'instrument'),
    tag: fc.constantFrom('plc/a', 'plc/b', 'plc/c'),
    active: fc.boolean(),
    afterS: fc.integer({ min: 0, max: 900 }),
  });
  fc.assert(
    fc.property(fc.array(claims, { maxLength: 40 }), (said) => {
      const register = new AlarmRegister(catalogue);
      const book = new IncidentBook(catalogue);
      let time = 0;
      for (const { asset, kind, from, tag, active, afterS } of said) {
        time += 1000 * afterS;
        const evidence = [{ tag, observed: 1, expected: 0, unit: '', windowS: 0 }];
        for (const change of register.take({ asset, kind, from, active, score: 1, time, evidence })) {
          const { alarm, event } = change;
          const own = book.current().find(({ members }) => members.has(alarm.id));
          const { spreads, spreadsAs = [], explains = [], suppressedBy = [] } = kinds[kind] ?? {};
          const { id, utility, riskLevel, raisedAt, clearedAt } = alarm;
          const member = {
            ...{ id, asset, kind, utility, riskLevel, raisedAt, clearedAt, active, spreads, spreadsAs, explains },
            ...{
              suppressedBy,
              tags: alarm.finding.evidence.map((one) => one.tag),
              ...{ since: raisedAt, ofInstrument: alarm.finding.from === 'instrument' },
              ...{ simulated: false, growth: [], unacknowledgedSince: undefined },
            },
          };
          const near = book.current().map((one) => ({ id: one.id, steps: nearness(one, member, catalogue.topology) }));
          const least = Math.min(...near.map(({ steps = Number.POSITIVE_INFINITY }) => steps));
          const nearest = near.find(({ steps }) => steps === least)?.id;
          const told = book.take(change).event.data['incident'];
          if (event.type === 'alarm.raised' && (own || nearest)) expect(told).toBe(own?.id ?? nearest);
        }
      }
    }),
    { numRuns: 300 },
  );
});

it('packs name only kinds that exist as symptoms and consequences', async () => {
  const { packs } = await loadPacks('models');
  const alarms = [...packs.values()].flatMap(({ assets }) =>
    Object.values(assets).flatMap((asset) => Object.entries(asset.alarms)),
  );
  const known = new Set(['*', ...alarms.map(([kind]) => kind)]);
  const unknown = alarms.flatMap(([kind, { explains = [], spreadsAs = [] }]) =>
    [...explains, ...spreadsAs].filter((one) => !known.has(one)).map((one) => `${kind}: ${one}`),
  );
  const idle = alarms.filter(([, { spreads, spreadsAs }]) => spreadsAs && !spreads).map(([kind]) => kind);
  expect([unknown, idle]).toEqual([[], []]);
});

it('the line whose residual current tells of an earth fault is the cause, not the bus whose neutral it displaces', async () => {
  const { packs } = await loadPacks('models');
  const topology = new Topology(new Map([['bus', ['line']]]));
  const assetOf: Readonly<Record<string, string>> = { bus: 'bus', line: 'feeder' };
  const alarm = (asset: string, kind: string) => packs.get('power')?.assets[assetOf[asset] ?? '']?.alarms[kind];
  const power = { ...catalogue, topology, alarm };
  const register = new AlarmRegister(power);
  const book = new IncidentBook(power);
  const raise = (asset: string, time: number) =>
    book.take(
      register.take({ asset, kind: 'earth-fault', from: 'limit', active: true, score: 1, time, evidence: [] })[0]!,
    );
  raise('bus', 0);
  raise('line', 2000);
  expect(book.current().map(({ root, members }) => [root, members.size])).toEqual([['line/earth-fault', 2]]);
});
