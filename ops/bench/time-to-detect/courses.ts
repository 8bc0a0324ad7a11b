/** The moment from which a delay counts, where it is not the start: when a PLC's point first tells so. */
export interface Crossing {
  readonly role: string;
  /** Crossed by a value above the one or below the other. */
  readonly above?: number;
  readonly below?: number;
}

/** Happenings of one sort whose delays share a row. */
export interface Strikes {
  /** What is wanted, by the name of its row. */
  readonly row: string;
  readonly kind: string;
  /** They take turns. */
  readonly targets: readonly string[];
  /** Smallest and largest, in the unit of the kind; drawn evenly over their logarithms. */
  readonly size: readonly [smallest: number, largest: number];
  readonly count: number;
  readonly lastsMin: number;
  /** From the start of one to the next: longer than one lasts, or 0 for all at a time at different places. */
  readonly everyMin: number;
  /** Kinds of alarms that answer; any of the happening's own when left out. */
  readonly answers?: readonly string[];
  /** The delay counts from there; from the start when left out. */
  readonly from?: Crossing;
  /** It grows over so long to its size; the delay counts from when it would have this size. */
  readonly grows?: { readonly overS: number; readonly fromSize: number };
  /** Breaks this first at the same target, for so much longer. */
  readonly after?: { readonly kind: string; readonly leadMin: number };
}

/** Strikes one after another in a city of its own. */
export interface Course {
  readonly name: string;
  readonly utilities: readonly string[];
  /** City time at which the course of the first seed begins; each further seed begins `shiftH` later. */
  readonly start: string;
  readonly shiftH: number;
  readonly strikes: readonly Strikes[];
}

/** What is wanted: the median delay of a row, s (figures of the design). */
export interface Wanted {
  readonly name: string;
  readonly withinS: number;
}

const rows = {
  burst: { name: 'water: burst of 10 L/s or more', withinS: 30 },
  background: { name: 'water: background leak, from 1 L/s', withinS: 48 * 3600 },
  pumpTrip: { name: 'pump trip', withinS: 10 },
  gasAtLimit: { name: 'gallery: gas at a sensor over its limit', withinS: 30 },
  gasLeak: { name: 'gallery: gas leak of 100 m3/h or more, fan stopped, from its start', withinS: 12 * 60 },
  digger: { name: 'gas: third-party damage', withinS: 60 },
  regulator: { name: 'gas: regulator outlet beyond 20 %', withinS: 15 },
  feeder: { name: 'power: feeder outage', withinS: 15 },
  cable: { name: 'lighting: cable cut', withinS: 60 },
  underpass: { name: 'drainage: water on an underpass road', withinS: 60 },
  heatLeak: { name: 'heating: leak of 2 % of circulation or more', withinS: 30 * 60 },
} as const satisfies Record<string, Wanted>;

/** What is wanted of the whole, row by row. */
export const wanted: readonly Wanted[] = Object.values(rows);

const each = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
const districts = each('dma', 4);
const gasDistricts = each('gas-d', 4).map((name) => name.replace('d-', 'd'));
const gasCabins = ['zone-4', 'zone-5', 'zone-6', 'zone-10', 'zone-11', 'zone-12'];

/**
 * Every row in the smallest city that has what it is about, one happening at a time, so that each alarm is of the one
 * that is measured. 32 mm² let 100 m³/h out of a main at 0.35 MPa (domain reference 1.3).
 */
export const courses: readonly Course[] = [
  {
    ...{ name: 'water', utilities: ['water'], start: '2026-01-16T00:00:00+08:00', shiftH: 29 },
    strikes: [
      {
        row: rows.burst.name,
        kind: 'water.burst',
        targets: districts,
        size: [10, 80],
        count: 8,
        lastsMin: 5,
        everyMin: 60,
      },
      {
        row: rows.pumpTrip.name,
        kind: 'water.pump-trip',
        targets: ['ps-1'],
        size: [1, 1],
        count: 3,
        lastsMin: 10,
        everyMin: 60,
      },
    ],
  },
  {
    ...{ name: 'heating', utilities: ['heating'], start: '2026-01-16T18:00:00+08:00', shiftH: 29 },
    strikes: [
      {
        ...{
          row: rows.heatLeak.name,
          kind: 'heating.primary-break',
          targets: ['heat-plant-1', 'sub-3', 'sub-7', 'sub-11'],
        },
        ...{ size: [5, 20], count: 4, lastsMin: 35, everyMin: 90 },
      },
      {
        ...{ row: rows.heatLeak.name, kind: 'heating.secondary-leak', targets: ['sub-2', 'sub-5', 'sub-8', 'sub-12'] },
        ...{ size: [4, 6], count: 4, lastsMin: 35, everyMin: 60 },
      },
      {
        ...{ row: rows.pumpTrip.name, kind: 'heating.pump-trip', targets: ['sub-1', 'sub-4', 'sub-6', 'sub-9'] },
        ...{ size: [1, 1], count: 4, lastsMin: 5, everyMin: 30 },
      },
    ],
  },
  {
    ...{ name: 'gas', utilities: ['gas'], start: '2026-01-16T17:00:00+08:00', shiftH: 29 },
    strikes: [
      {
        ...{ row: rows.digger.name, kind: 'gas.third-party-damage', targets: gasDistricts, size: [500, 20_000] },
        ...{ count: 8, lastsMin: 5, everyMin: 30 },
      },
      ...(['slam-shut', 'regulator-freeze'] as const).map(
        (kind): Strikes => ({
          ...{ row: rows.regulator.name, kind: `gas.${kind}`, targets: each('reg', 4) },
          ...{ size: kind === 'slam-shut' ? [1, 1] : [90, 98], count: 4, lastsMin: 10, everyMin: 30 },
          ...{
            from: { role: 'outlet-pressure', above: 3, below: 2 },
            answers: ['outlet-low', 'outlet-high', 'slam-shut'],
          },
        }),
      ),
    ],
  },
  {
    ...{ name: 'gallery', utilities: ['gallery'], start: '2026-01-16T06:00:00+08:00', shiftH: 29 },
    strikes: [
      {
        ...{ row: rows.gasAtLimit.name, kind: 'gallery.gas-leak', targets: gasCabins, size: [10, 200], count: 6 },
        ...{
          lastsMin: 20,
          everyMin: 60,
          from: { role: 'ch4', above: 20 },
          answers: ['methane-high', 'methane-very-high'],
        },
      },
      {
        ...{ row: rows.gasLeak.name, kind: 'gallery.gas-leak', targets: gasCabins, size: [32, 200], count: 6 },
        ...{ lastsMin: 20, everyMin: 80, after: { kind: 'gallery.fan-failure', leadMin: 5 } },
        answers: ['gas-leak', 'methane-high', 'methane-very-high', 'oxygen-loss'],
      },
    ],
  },
  {
    ...{ name: 'power', utilities: ['power'], start: '2026-01-16T06:00:00+08:00', shiftH: 29 },
    strikes: (['feeder-trip', 'breaker-refuses'] as const).map((kind) => ({
      ...{ row: rows.feeder.name, kind: `power.${kind}`, targets: each('feeder', 8) },
      ...{ size: kind === 'feeder-trip' ? [2, 12] : [1, 1], count: 4, lastsMin: 10, everyMin: 30 },
    })),
  },
  {
    ...{ name: 'lighting', utilities: ['lighting'], start: '2026-01-16T18:00:00+08:00', shiftH: 24 },
    strikes: [
      {
        ...{ row: rows.cable.name, kind: 'lighting.cable-theft', targets: each('circuit', 26), size: [0.2, 0.9] },
        ...{ count: 8, lastsMin: 10, everyMin: 30 },
      },
    ],
  },
  {
    ...{ name: 'drainage', utilities: ['drainage'], start: '2026-07-16T06:00:00+08:00', shiftH: 29 },
    strikes: [
      {
        ...{ row: rows.underpass.name, kind: 'drainage.underpass-flood', targets: ['up-1', 'up-2'], size: [30, 120] },
        ...{ count: 4, lastsMin: 45, everyMin: 120, from: { role: 'road-depth', above: 0.15 } },
      },
    ],
  },
  {
    ...{ name: 'leak', utilities: ['water'], start: '2026-01-16T00:00:00+08:00', shiftH: 29 },
    strikes: [
      {
        ...{ row: rows.background.name, kind: 'water.slow-leak', targets: districts, size: [3, 10], count: 3 },
        ...{ lastsMin: 60 * 60, everyMin: 0, grows: { overS: 2 * 86_400, fromSize: 1 } },
      },
    ],
  },
];
