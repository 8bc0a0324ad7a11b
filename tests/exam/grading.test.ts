import { describe, expect, it } from 'vitest';
import type { Event } from '../../edge/core/event.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { grade, type LabelledTruth } from '../../simulator/exam/grading.ts';
import { score } from '../../simulator/exam/score.ts';

const minute = 60_000;
const hours = 168;

const asset = (id: string, type: string, location: readonly [number, number]) => ({
  ...{ id, type, name: id, grid: '', location, upstreamOf: [], roles: id === 'dma-1' ? { inflow: 0 } : {} },
});
const assets = [
  asset('dma-1', 'water.district', [126.6, 45.7]),
  asset('dma-2', 'water.district', [126.6, 45.71]),
  asset('reg-1', 'gas.regulator', [126.7, 45.7]),
];
const tag = { name: 'plc-1/flow', device: 'plc-1', point: 'flow', unit: 'L/s', scale: 1, offset: 0, low: 0, high: 9 };
const gateway = {
  assets,
  tags: new TagTable([{ ...tag, deadband: 0, periodMs: 1000, description: '' }]),
  devices: [{ driver: 'modbus', definition: { id: 'plc-1', endpoint: '', points: [], options: {} } }],
};

const truth = (
  id: string,
  kind: string,
  target: string,
  fromMin: number,
  forMin: number,
  decoy = false,
): LabelledTruth => ({
  happening: { id, kind, target, magnitude: 1, startMs: fromMin * minute, durationS: forMin * 60 },
  ...{ decoy, asset: target, affected: [target], text: { zh: id, en: id }, level: undefined },
});
const alarm = (type: 'raised' | 'cleared', asset: string, kind: string, atMin: number, utility = 'water'): Event => ({
  ...{
    type: `alarm.${type}`,
    time: atMin * minute,
    subject: asset,
    utility,
    stream: 'events',
    epoch: 'e',
    sequence: 1,
  },
  data: { asset, kind, utility, riskLevel: 'II', message: { zh: kind, en: kind } },
});
const examine = (truths: readonly LabelledTruth[], events: readonly Event[], seen = truths) => {
  const observable = new Set(seen.map(({ happening }) => happening.id));
  const grading = grade({ truths, events, gateway, observable, endMs: hours * 60 * minute });
  return { grading, ...score(grading, assets, hours, {}) };
};

describe('grading', () => {
  it('counts a happening once, however long its alarms stand and however many there are', () => {
    const events = [
      alarm('raised', 'dma-1', 'burst', 11),
      alarm('raised', 'dma-1', 'pressure-low', 12),
      alarm('cleared', 'dma-1', 'burst', 90),
    ];
    const { overall, utilities } = examine([truth('a', 'water.burst', 'dma-1', 10, 60)], events);
    expect(overall).toMatchObject({ happenings: 1, detected: 1, recall: 1, precision: 1, falseAlarms: 0 });
    expect(utilities['water']).toMatchObject({
      ...{ rightAsset: 1, rightCause: 1, incidentsPerHappening: 2, timeToDetectS: { median: 60, p95: 60 } },
      localisationM: { median: 0, p95: 0 },
    });
  });

  it('tells how much of the time without a fault was without an alarm, and how much was found before people suffered', () => {
    const found = { ...truth('a', 'heating.fouling', 'sub-1', 100, 60), affected: ['dma-1'] };
    const late = { ...truth('b', 'heating.pump-trip', 'sub-2', 3000, 60), affected: ['dma-2'] };
    const events = [
      alarm('raised', 'dma-1', 'fouling', 110),
      alarm('cleared', 'dma-1', 'fouling', 160 + 60 + 100),
      alarm('raised', 'dma-2', 'pump-trip', 3020),
      alarm('cleared', 'dma-2', 'pump-trip', 3040),
      alarm('raised', 'dma-2', 'burst', 6000),
      alarm('cleared', 'dma-2', 'burst', 6050),
    ];
    const truths = [found, late];
    const observable = new Set(['a', 'b']);
    const harmedMs = ({ happening }: Pick<LabelledTruth, 'happening'>) => (happening.id === 'b' ? 3010 : 130) * minute;
    const grading = grade({ truths, events, gateway, observable, endMs: hours * 60 * minute, harmedMs });
    const { overall } = score(grading, assets, hours, {});
    // three assets a week, of which two had two hours of fault and recovery; 100 and 50 minutes of alarms beside that
    expect(overall.normalAccuracy).toBeCloseTo(1 - 150 / (3 * hours * 60 - 2 * 120), 5);
    expect(overall).toMatchObject({ recall: 1, foundBeforeHarm: 0.5 });
    expect(overall.eventF05).toBeCloseTo((1.25 * (2 / 3)) / (0.25 * (2 / 3) + 1), 5);
  });

  it('takes an alarm before the start, elsewhere, or long after the end for false', () => {
    const events = [
      alarm('raised', 'dma-1', 'burst', 9),
      alarm('raised', 'dma-2', 'burst', 30),
      alarm('raised', 'dma-1', 'burst', 131),
    ];
    const { overall } = examine([truth('a', 'water.burst', 'dma-1', 10, 60)], events);
    expect(overall).toMatchObject({ detected: 0, recall: 0, precision: 0, falseAlarms: 3, falsePerAssetWeek: 1 });
  });

  it('takes an alarm in the hour after the end for a consequence that comes too late to be a detection', () => {
    const events = [alarm('raised', 'dma-1', 'pressure-low', 100)];
    expect(examine([truth('a', 'water.burst', 'dma-1', 10, 60)], events).overall).toMatchObject({
      ...{ detected: 0, falseAlarms: 0 },
    });
  });

  it('takes every alarm that a decoy raises for false, but one that a fault at the same place explains', () => {
    const decoy = truth('d', 'water.hydrant-flush', 'dma-1', 10, 60, true);
    const events = [alarm('raised', 'dma-1', 'burst', 20)];
    const alone = examine([decoy], events);
    expect(alone.overall).toMatchObject({ happenings: 0, recall: null, falseAlarms: 1 });
    expect(alone.byKind).toMatchObject([{ kind: 'water.hydrant-flush', decoy: true, falseAlarms: 1 }]);
    const both = examine([decoy, truth('a', 'water.burst', 'dma-1', 15, 60)], events);
    expect(both.overall).toMatchObject({ detected: 1, falseAlarms: 0 });
  });

  it('shares the minutes out of model over the assets that residuals judge', () => {
    const minutes = { 'dma-1': { minutes: 100, outside: 4 }, 'dma-2': { minutes: 300, outside: 0 } };
    const { overall, utilities } = score({ happenings: [], falseAlarms: [], endMs: 0 }, assets, hours, minutes);
    expect(overall.outOfModelShare).toBe(0.01);
    expect(utilities).toMatchObject({ water: { outOfModelShare: 0.01 }, gas: { outOfModelShare: null } });
  });

  it('measures how far from the place the first alarm pointed', () => {
    const far = { ...truth('a', 'water.burst', 'dma-1', 10, 60), affected: ['dma-1', 'dma-2'] };
    const { overall } = examine([far], [alarm('raised', 'dma-2', 'pressure-low', 20)]);
    expect(overall).toMatchObject({ rightAsset: 0, rightCause: 0 });
    expect(overall.localisationM.median).toBeCloseTo(1112, 0);
  });

  it('measures from the junction that burst to the candidates that the incident names', () => {
    const location = [126.6, 45.7] as const;
    const burst = { ...truth('a', 'water.burst', 'dma-2', 10, 60), place: { id: 'j1', location } };
    const candidate = (north: number) => ({
      ...{ id: `n${north}`, location: [126.6, 45.7 + north] as const, probability: 0.5, distanceM: 0, withinM: 100 },
    });
    const told = (...norths: number[]): Event => {
      const event = alarm('raised', 'dma-2', 'burst', 11);
      return { ...event, data: { ...event.data, place: norths.map(candidate) } };
    };
    const right = examine([burst], [told(0.001, 0.1)]).overall;
    expect(right.localisationM.median).toBeCloseTo(111, 0);
    expect(right).toMatchObject({ rightDistrict: 1, within300m: 1, top3within300m: 1 });
    const third = examine([burst], [told(0.01, 0.02, 0.002)]).overall;
    expect(third).toMatchObject({ within300m: 0, top3within300m: 1 });
    expect(examine([burst], [told(0.01, 0.02, 0.03, 0.001)]).overall).toMatchObject({ top3within300m: 0 });
    const unnamed = examine([burst], [alarm('raised', 'dma-2', 'burst', 11)]).overall;
    expect(unnamed.localisationM.median).toBeCloseTo(1112, 0);
    expect(unnamed).toMatchObject({ within300m: 0 });
    expect(examine([truth('b', 'water.burst', 'dma-2', 10, 60)], [told(0.001)]).overall).toMatchObject({
      ...{ localisationM: { median: 0 }, within300m: null },
    });
  });

  it('tells whether a happening is one incident, how many rows it brings at once, and which incidents mix happenings', () => {
    const truths = [truth('a', 'water.burst', 'dma-1', 10, 60), truth('b', 'gas.leak', 'reg-1', 10, 60)];
    const part = (incident: string, of: Event, safety = false): Event => ({
      ...of,
      data: { ...of.data, incident, safety },
    });
    const events = [
      part('one', alarm('raised', 'dma-1', 'burst', 11)),
      part('one', alarm('raised', 'dma-1', 'flood', 12), true),
      part('two', alarm('raised', 'dma-1', 'pressure-low', 21)),
      part('late', alarm('raised', 'dma-1', 'no-supply', 21.1)),
      part('one', alarm('raised', 'reg-1', 'cabinet-leak', 12, 'gas'), true),
      part('one', alarm('raised', 'reg-1', 'cabinet-leak', 13, 'gas'), true),
    ];
    const { overall, utilities } = examine(truths, events);
    // two incidents and a safety alarm by itself; what came more than ten minutes after the first is not counted
    expect(utilities['water']).toMatchObject({ oneIncident: 0, mostRows: 3 });
    expect(utilities['water']?.joinedIncidents).toBeCloseTo(1 / 3, 5);
    expect(utilities['gas']).toMatchObject({ oneIncident: 1, mostRows: 2, joinedIncidents: 1 });
    expect(overall).toMatchObject({ oneIncident: 0.5, mostRows: 3 });
    expect(examine(truths, []).overall).toMatchObject({ oneIncident: null, mostRows: null, joinedIncidents: null });
  });

  it('leaves an alarm that two faults can have raised to the one whose incident it is in', () => {
    const outage = { ...truth('b', 'power.outage', 'reg-1', 15, 60), affected: ['reg-1', 'dma-1'] };
    const events = [
      ['one', alarm('raised', 'dma-1', 'burst', 11)],
      ['two', alarm('raised', 'reg-1', 'tripped', 16, 'power')],
      ['two', alarm('raised', 'dma-1', 'pressure-low', 17)],
    ] as const;
    const told = (incidentOf: (incident: string) => string) =>
      examine(
        [truth('a', 'water.burst', 'dma-1', 10, 60), outage],
        events.map(([incident, event]) => ({ ...event, data: { ...event.data, incident: incidentOf(incident) } })),
      ).overall;
    expect(told((incident) => incident)).toMatchObject({ oneIncident: 1, joinedIncidents: 0 });
    expect(told(() => 'all')).toMatchObject({ oneIncident: 1, joinedIncidents: 1 });
  });

  it('takes the cause from the first alarm that is not another’s, and from another’s where there is none', () => {
    const dip = { ...truth('b', 'power.dip', 'reg-1', 15, 60), affected: ['reg-1', 'dma-1'] };
    const early = [
      ['two', alarm('raised', 'reg-1', 'dip', 16, 'power')],
      ['two', alarm('raised', 'dma-1', 'pressure-low', 17)],
    ] as const;
    const told = (...events: readonly (readonly [string, Event])[]) =>
      examine(
        [truth('a', 'water.burst', 'dma-1', 10, 60), dip],
        events.map(([incident, event]) => ({ ...event, data: { ...event.data, incident } })),
      ).utilities['water'];
    expect(told(...early, ['one', alarm('raised', 'dma-1', 'burst', 20)])).toMatchObject({
      detected: 1,
      rightCause: 1,
    });
    expect(told(...early)).toMatchObject({ detected: 1, rightCause: 0 });
  });

  it('lets an alarm about a device speak for the assets that it measures', () => {
    const lost = alarm('raised', 'plc-1', 'lost', 20, 'gateway');
    expect(examine([truth('a', 'water.outage', 'dma-1', 10, 60)], [lost]).overall).toMatchObject({ detected: 1 });
    expect(examine([truth('a', 'water.outage', 'dma-2', 10, 60)], [lost]).utilities['gateway']).toMatchObject({
      falseAlarms: 1,
    });
  });

  it('tells what no sensor can show from what was missed', () => {
    const truths = [truth('a', 'water.burst', 'dma-1', 10, 60), truth('b', 'gas.leak', 'reg-1', 10, 60)];
    const { overall } = examine(truths, [alarm('raised', 'dma-1', 'burst', 11)], truths.slice(0, 1));
    expect(overall).toMatchObject({ happenings: 2, observable: 1, recall: 1, recallOfAll: 0.5 });
  });

  it('holds the gravest of its alarms against the level of a happening, where that is known', () => {
    const graver = { ...truth('a', 'water.burst', 'dma-1', 10, 60), level: 'II' as const };
    const unknown = truth('b', 'gas.leak', 'reg-1', 10, 60);
    const raised = (riskLevel: string, atMin: number) => {
      const event = alarm('raised', 'dma-1', `kind-${riskLevel}`, atMin);
      return { ...event, data: { ...event.data, riskLevel } };
    };
    const severity = (...levels: string[]) =>
      examine(
        [graver, unknown],
        levels.map((level, index) => raised(level, 11 + index)),
      ).overall.rightSeverity;
    expect([severity('III', 'II'), severity('III', 'I'), severity('II', 'IV')]).toEqual([1, 0, 1]);
    expect(examine([unknown], [alarm('raised', 'reg-1', 'leak', 11, 'gas')]).overall.rightSeverity).toBeNull();
  });
});
