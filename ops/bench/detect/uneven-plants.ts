import { type Plant, wandering } from './plant.ts';

/** A machine that turns: everything follows one phase that never keeps quite the same pace. */
const machine: Plant = {
  name: 'turning machine',
  columns: ['a', 'b', 'c', 'd', 'e', 'f'],
  stepMs: 100,
  run: (random) => {
    const pace = wandering(random, 0.97);
    const load = wandering(random, 0.99);
    let phase = 0;
    return (_, { loss, strange }) => {
      phase += ((2 * Math.PI) / 40) * (1 + 0.04 * pace()) * (strange ? 1.6 : 1);
      const size = 1 + 0.1 * load();
      return [0, 0.7, 1.3, 2, 2.9, 3.6].map(
        (shift, at) =>
          (1 + at / 3) * size * Math.sin(phase + shift) +
          (at % 2 === 0 ? 0.3 + (at === 2 ? loss : 0) : 0) * Math.sin(2 * phase + shift) +
          0.08 * random.normal(),
      );
    };
  },
};

/** Signals of common causes whose zero points wander off, harmlessly and for ever. */
const drifting: Plant = {
  name: 'harmless drift',
  columns: Array.from({ length: 8 }, (_, at) => `s${at}`),
  stepMs: 60_000,
  run: (random) => {
    const weights = Array.from({ length: 8 }, () => [random.normal(), random.normal()]);
    const causes = [wandering(random, 0.9), wandering(random, 0.97)];
    const slopes = weights.map(() => random.normal() / 5000);
    const walks = weights.map(() => 0);
    return (row, { loss, strange }) => {
      const now = causes.map((cause) => cause());
      return weights.map((weight, at) => {
        walks[at] = (walks[at] ?? 0) + 0.006 * random.normal();
        const sum = weight.reduce((total, factor, cause) => total + factor * (now[cause] ?? 0), 0);
        const upset = (at < 2 ? -1.2 * loss : 0) + (strange ? (at % 2 === 0 ? 2 : -2) : 0);
        return sum + row * (slopes[at] ?? 0) + (walks[at] ?? 0) + upset + 0.3 * random.normal();
      });
    };
  },
};

/** Demand of a town: mornings, evenings, weekends; five-minute values. */
const town: Plant = {
  name: 'days and weeks',
  columns: ['inflow', 'north', 'south', 'pressure', 'energy'],
  stepMs: 300_000,
  run: (random) => {
    const mood = wandering(random, 0.98);
    const own = [wandering(random, 0.9), wandering(random, 0.9)];
    return (row, { loss, strange }) => {
      const hour = (row / 12) % 24;
      const free = Math.floor(row / 288) % 7 >= 5;
      const bump = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));
      const use = 20 + (free ? 14 * bump(10, 3) : 18 * bump(7.5, 1.5)) + 12 * bump(19, 2.5) + (strange ? 12 : 0);
      const north = 0.6 * use * (1 + 0.05 * mood()) + 0.6 * (own[0]?.() ?? 0);
      const south = 0.4 * use * (1 + 0.05 * mood()) + 0.4 * (own[1]?.() ?? 0);
      const inflow = north + south + 3.5 * loss;
      const noise = (size: number) => size * random.normal();
      return [
        ...[inflow + noise(0.3), north, south, 4 - 0.0006 * inflow ** 2 + noise(0.02)],
        0.3 * inflow + noise(0.15),
      ];
    };
  },
};

/** A server: counters, bursts without a mean size, a memory that fills and is emptied. */
const server: Plant = {
  name: 'server with counters',
  columns: ['requests', 'bytes', 'cpu', 'memory', 'latency', 'threads', 'errors'],
  stepMs: 60_000,
  states: new Set([0, 1]),
  run: (random) => {
    const load = wandering(random, 0.95);
    let [requests, bytes, memory] = [1e6, 1e9, 30];
    return (_, { loss, strange }) => {
      const burst = random.next() < 0.02 ? 20 / Math.sqrt(random.next() + 1e-3) : 0;
      const rate = Math.max(5, 100 * Math.exp(0.4 * load()) + burst);
      requests += Math.round(rate);
      bytes += Math.round(rate * (900 + 200 * random.normal() ** 2));
      memory += 0.05 + 0.3 * loss;
      if (memory > 75) memory = 30;
      const cpu = Math.min(100, 5 + 0.25 * rate * (strange ? 2 : 1) + 2 * Math.abs(random.normal()) + 12 * loss);
      const latency = 20 * (1 + rate / 300) * Math.exp(0.2 * random.normal()) * (1 + 0.6 * loss);
      return [
        ...[requests, bytes, cpu, memory + random.normal(), latency, Math.round(8 + rate / 20 + random.normal())],
        random.next() < 0.03 ? random.integer(1, 3) : 0,
      ];
    };
  },
};

/** Common causes under noise with heavy tails: wild single values are normal. */
const heavyTails: Plant = {
  name: 'heavy tails',
  columns: Array.from({ length: 10 }, (_, at) => `h${at}`),
  stepMs: 60_000,
  run: (random) => {
    const weights = Array.from({ length: 10 }, () => [random.normal(), random.normal(), random.normal()]);
    const causes = [0.5, 0.8, 0.95].map((persistence) => wandering(random, persistence));
    const wild = () =>
      random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3 + 0.02);
    return (_, { loss, strange }) => {
      const now = causes.map((cause) => cause());
      return weights.map((weight, at) => {
        const sum = weight.reduce((total, factor, cause) => total + factor * (now[cause] ?? 0), 0);
        return sum + 0.4 * wild() + (at < 3 ? loss : 0) + (strange ? 2 * (weight[0] ?? 0) : 0);
      });
    };
  },
};

/** A load that roams: training saw one part of it, what follows is often another. */
const roaming: Plant = {
  name: 'roaming load',
  columns: ['load', 'speed', 'power', 'flow', 'bearing', 'vibration', 'head'],
  stepMs: 60_000,
  run: (random) => {
    const bearing = wandering(random, 0.99);
    let load = 50;
    return (_, { loss, strange }) => {
      load += 0.35 * random.normal() - 0.0008 * (load - 55);
      load = Math.max(20, Math.min(90, load));
      const speed = 900 + 6 * load * (strange ? 0.8 : 1);
      const flow = 0.02 * speed * (0.6 + load / 200) * (1 - 0.08 * loss);
      const head = 40 + 2e-5 * speed ** 2 - 0.03 * flow ** 2 * (1 + 0.1 * loss);
      const noise = (size: number) => size * random.normal();
      return [
        ...[load + noise(0.3), speed + noise(3), (flow * head) / 25 + noise(0.3), flow + noise(0.1)],
        ...[
          40 + 0.25 * load + 1.5 * bearing() + 3 * loss + noise(0.1),
          2 + 0.01 * load + 0.6 * loss + 0.2 * Math.abs(noise(1)),
        ],
        head + noise(0.3),
      ];
    };
  },
};

/** Heating that was calibrated in one season and is judged in another, to which relations bend. */
const season: Plant = {
  name: 'another season',
  columns: ['outdoor', 'supply', 'return', 'flow', 'heat', 'pressure'],
  stepMs: 300_000,
  run: (random) => {
    const weather = wandering(random, 0.97);
    const draw = wandering(random, 0.9);
    return (row, { loss, strange }) => {
      const turned = Math.max(0, Math.min(1, (row - 2900) / 800));
      const outdoor = -2 + 9 * turned + 2 * weather();
      const supply = Math.max(55, 75 - 1.4 * outdoor + (strange ? 6 : 0));
      const flow = Math.max(8, 30 - 0.9 * outdoor + 1.5 * draw());
      const back = 35 + 0.2 * (supply - 60) + 0.3 * draw() + 1.5 * loss;
      const noise = (size: number) => size * random.normal();
      return [
        ...[outdoor + noise(0.1), supply + noise(0.3), back + noise(0.2), flow + noise(0.15)],
        ...[1.16 * flow * (supply - back) + noise(4), 6 - 0.0015 * flow ** 2 - 0.2 * loss + noise(0.03)],
      ];
    };
  },
};

export const unevenPlants: readonly Plant[] = [drifting, machine, town, server, roaming, heavyTails, season];
