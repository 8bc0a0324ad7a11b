import { lag, type Plant, wandering } from './plant.ts';

/** A tank under level control: what the controller does hides what goes wrong. */
const tank: Plant = {
  name: 'tank under control',
  columns: ['demand', 'inflow', 'level', 'pressure', 'speed'],
  stepMs: 60_000,
  run: (random) => {
    const demand = wandering(random, 0.98);
    let [level, integral] = [5, 0];
    return (_, { loss, strange }) => {
      const outflow = 30 + 4 * demand();
      const error = (strange ? 3.5 : 5) - level;
      integral = Math.max(-60, Math.min(60, integral + 0.02 * error));
      const speed = Math.max(0, 30 + 8 * error + 10 * integral);
      const inflow = speed + 0.3 * random.normal();
      level += (inflow - outflow - 5 * loss) / 200;
      const pressure = 2 + level / 10 + (speed / 40) ** 2 - 0.25 * loss;
      return [
        outflow + 0.3 * random.normal(),
        inflow,
        level + 0.01 * random.normal(),
        pressure + 0.02 * random.normal(),
        speed + 0.1 * random.normal(),
      ];
    };
  },
};

/** Twenty variables that act on each other with delays, three of them held by controllers. */
const reactor: Plant = {
  name: 'reactor',
  columns: Array.from({ length: 20 }, (_, at) => `x${at}`),
  stepMs: 10_000,
  run: (random) => {
    const width = 20;
    const weights = Array.from({ length: width }, () => Array.from({ length: 4 }, () => random.normal()));
    const causes = Array.from({ length: 4 }, (_, at) => wandering(random, 0.8 + 0.05 * at));
    const lags = weights.map(() => lag(random.integer(1, 15), 0));
    const valves = [0, 0, 0];
    return (_, { loss, strange }) => {
      const now = causes.map((cause) => cause());
      const values = weights.map((row, at) => {
        const drive = row.reduce((sum, weight, cause) => sum + weight * (now[cause] ?? 0), 0) / 2;
        return (lags[at]?.(drive + (at === 1 ? 1.5 * loss : 0) + (strange ? 2 : 0)) ?? 0) + 0.2 * random.normal();
      });
      for (const [at, valve] of valves.entries()) {
        valves[at] = valve + 0.3 * (values[at] ?? 0) + (at === 1 ? 0.05 * loss : 0) - 0.05 * valve;
        values[at] = (values[at] ?? 0) - (valves[at] ?? 0) * 0.5;
        values[19 - at] = (valves[at] ?? 0) + 0.1 * random.normal();
      }
      return values;
    };
  },
};

/** Rooms and pipes that warm and cool slowly after a weather that hardly moves. */
const thermal: Plant = {
  name: 'slow heat',
  columns: ['outdoor', 'supply', 'return', 'room', 'wall', 'flow'],
  stepMs: 60_000,
  run: (random) => {
    const weather = wandering(random, 0.999);
    const [supplyLag, wallLag, roomLag, returnLag] = [lag(30, 60), lag(400, 18), lag(60, 20), lag(20, 40)];
    let room = 20;
    return (_, { loss, strange }) => {
      const outdoor = 4 * weather();
      const supply = supplyLag(60 - 1.2 * outdoor + (strange ? -15 : 0));
      const flow = Math.max(0.2, 1 + 0.3 * (20 - room)) + 0.15 * loss;
      const given = 0.25 * flow * (supply - room) * (1 - 0.25 * loss);
      const wall = wallLag(0.5 * (room + outdoor));
      room = roomLag(0.7 * wall + given + 4);
      const back = returnLag(supply - given / (0.25 * flow + 0.3));
      const noise = (size: number) => size * random.normal();
      return [
        outdoor + noise(0.1),
        supply + noise(0.1),
        back + noise(0.1),
        room + noise(0.03),
        wall,
        flow + noise(0.02),
      ];
    };
  },
};

const LOOPS = 25;

/**
 * A chain of units, each held at its set-point by a controller with a valve that sticks a little: a feed that wanders passes
 * from unit to unit. Short training with one long fault, and longer training with several.
 */
const loops: Plant = {
  name: 'fifty variables under control',
  columns: Array.from({ length: LOOPS }, (_, at) => [`pv-${at + 1}`, `valve-${at + 1}`]).flat(),
  stepMs: 180_000,
  shapes: [
    { trained: 500, rows: 1460, faults: 1, length: [600, 600] },
    { trained: 5000, rows: 12_000, faults: 6, length: [100, 600] },
  ],
  run: (random) => {
    const feed = [0.98, 0.95, 0.8].map((persistence) => wandering(random, persistence));
    const rough = wandering(random, 0.7);
    const units = Array.from({ length: LOOPS }, () => ({
      ...{ weights: feed.map(() => 0.4 * random.normal()), follow: lag(random.integer(2, 10), 0) },
      ...{ gain: 0.3 + 0.4 * random.next(), value: 0, integral: 0, valve: 0 },
    }));
    return (_, { loss, strange }) => {
      const now = feed.map((cause) => cause() + (strange ? 1.5 * rough() : 0));
      return units.flatMap((unit, at) => {
        const before = units[at - 1]?.value ?? 0;
        const drive = unit.weights.reduce((sum, weight, cause) => sum + weight * (now[cause] ?? 0), 0.5 * before);
        unit.value = unit.follow(drive + (at === 4 ? 2 * loss : 0) - unit.valve);
        unit.integral += 0.05 * unit.value;
        const wanted = unit.gain * unit.value + unit.integral;
        if (Math.abs(wanted - unit.valve) > 0.02) unit.valve = wanted;
        return [unit.value + 0.1 * random.normal(), unit.valve + 0.05 * random.normal()];
      });
    };
  },
};

export const controlledPlants: readonly Plant[] = [tank, reactor, thermal, loops];
