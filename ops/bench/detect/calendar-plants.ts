import { lag, type Plant, wandering, warmthOfYear } from './plant.ts';

const bump = (hour: number, at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));

/** One figure of a business, every five minutes: nights, middays, evenings; free days are others. Four weeks of training. */
const figure: Plant = {
  name: 'one figure, days and weeks',
  columns: ['orders'],
  stepMs: 300_000,
  shapes: [{ trained: 28 * 288, rows: 56 * 288, faults: 6, length: [6, 60] }],
  run: (random) => {
    const mood = wandering(random, 0.995);
    const near = wandering(random, 0.7);
    const free = 0.4 + 0.3 * random.next();
    return (row, { loss, strange }) => {
      const hour = (row / 12) % 24;
      const day = Math.floor(row / 288) % 7;
      const size = day >= 5 ? free : day === 0 ? 1.1 : 1;
      const course = 20 + size * (80 * bump(hour, day >= 5 ? 15 : 12, 4) + 50 * bump(hour, 20, 2));
      return [course * Math.exp(0.05 * mood() + 0.06 * near()) * (strange ? 1.7 : 1) * (1 - 0.4 * Math.min(2, loss))];
    };
  },
};

const TANKS = 7;
const PUMPS = 11;
const GAUGES = 12;
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}-${at + 1}`);

/** A town's tanks, pumps and gauges, once an hour, a year of training: 43 signals and states. */
const distribution: Plant = {
  name: 'water distribution by the hour',
  columns: [
    ...numbered('level', TANKS),
    ...numbered('flow', PUMPS),
    ...numbered('pump', PUMPS),
    ...[...numbered('pressure', GAUGES), 'valve-flow', 'valve'],
  ],
  stepMs: 3_600_000,
  states: new Set([...Array.from({ length: PUMPS }, (_, at) => TANKS + PUMPS + at), 42]),
  shapes: [{ trained: 8760, rows: 13_000, faults: 7, length: [24, 120] }],
  run: (random) => {
    const mood = wandering(random, 0.9);
    const shares = Array.from({ length: TANKS }, () => 0.6 + 0.8 * random.next());
    const levels = shares.map(() => 3 + random.next());
    const pumps = new Array<number>(PUMPS).fill(0);
    const feeds = pumps.map((_, pump) => pump % TANKS);
    return (row, { loss, strange }) => {
      const hour = row % 24;
      const free = Math.floor(row / 24) % 7 >= 5;
      const use = 12 + 14 * bump(hour, free ? 10 : 8, 2.5) + 12 * bump(hour, 19, 3) + 3 * warmthOfYear(row / 24);
      const demand = use * (1 + 0.06 * mood());
      for (const [pump, tank] of feeds.entries()) {
        const level = levels[tank] as number;
        const second = pump >= TANKS ? 0.8 : 0;
        if (level < 2.6 - second || (strange && pump === 2)) pumps[pump] = 1;
        else if (level > 4.6 - second) pumps[pump] = 0;
      }
      const flows = feeds.map((tank, pump) => (pumps[pump] as number) * (44 - 1.5 * (levels[tank] as number)));
      for (const [tank, share] of shares.entries()) {
        const inflow = flows.reduce((sum, flow, pump) => sum + (feeds[pump] === tank ? flow : 0), 0);
        const level = (levels[tank] as number) + (inflow - demand * share - (tank === 1 ? 8 * loss : 0)) / 60;
        levels[tank] = Math.max(0.2, Math.min(6, level));
      }
      const noise = (size: number) => size * random.normal();
      const open = hour < 6 ? 1 : 0;
      return [
        ...levels.map((level) => level + noise(0.02)),
        ...flows.map((flow) => flow + (flow > 0 ? noise(0.2) : 0)),
        ...pumps,
        ...Array.from({ length: GAUGES }, (_, at) => {
          const friction = (demand * (shares[at % TANKS] as number)) ** 2 * 0.004 * (1 + at / 12);
          return 30 + (levels[at % TANKS] as number) - friction + 0.05 * (flows[at % PUMPS] as number) + noise(0.1);
        }),
        ...[open * 0.4 * demand + (open ? noise(0.2) : 0), open],
      ];
    };
  },
};

/** A heating substation every ten minutes over a year, trained from January to May: the summer is another season. */
const substation: Plant = {
  name: 'substation over a year',
  columns: ['outdoor', 'supply', 'return', 'flow', 'heat', 'house-supply', 'house-return', 'hot-water'],
  stepMs: 600_000,
  shapes: [{ trained: 20_000, rows: 52_560, faults: 5, length: [1000, 3000] }],
  run: (random) => {
    const [weather, front, tap] = [wandering(random, 0.999), wandering(random, 0.97), wandering(random, 0.5)];
    const [house, building] = [lag(6, 40), lag(12, 30)];
    return (row, { loss, strange }) => {
      const hour = (row / 6) % 24;
      const outdoor =
        -3 + 23 * warmthOfYear(row / 144) + 3 * weather() + front() + 3 * Math.cos((2 * Math.PI * (hour - 15)) / 24);
      const night = hour < 5 || hour > 22 ? 0.85 : 1;
      const load = 14 * Math.max(0, 17 - outdoor) * night;
      const drawn = 25 * (bump(hour, 7, 1.2) + bump(hour, 20, 2)) * Math.exp(0.4 * tap());
      const supply = Math.max(70, 95 - 1.2 * (outdoor + 5));
      const houseSupply = house(Math.max(28, 58 - 1.3 * outdoor) * (strange ? 1.15 : 1));
      const houseReturn = building(houseSupply - 0.06 * load);
      const approach = (3 + 4 * loss) * (0.4 + load / 300);
      const back = (load * (houseReturn + approach) + drawn * 28 + 20 * 45) / (load + drawn + 20);
      const flow = (load + drawn + 20) / (1.163 * Math.max(5, supply - back));
      const noise = (size: number) => size * random.normal();
      return [
        ...[outdoor + noise(0.1), supply + noise(0.4), back + noise(0.2), flow * (1 + noise(0.01))],
        ...[
          load + drawn + 20 + noise(1),
          houseSupply + noise(0.2),
          houseReturn + noise(0.2),
          55 - 0.05 * drawn + noise(0.3),
        ],
      ];
    };
  },
};

export const calendarPlants: readonly Plant[] = [figure, distribution, substation];
