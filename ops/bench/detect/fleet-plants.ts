import { type Plant, wandering } from './plant.ts';

const WIDTH = 38;

/** A server of a large service: 38 figures that follow its load by the hour, burst, idle, or hardly ever move. */
const machineRoom: Plant = {
  name: 'server with 38 figures',
  columns: Array.from({ length: WIDTH }, (_, at) => `m${at}`),
  stepMs: 60_000,
  shapes: [{ trained: 6000, rows: 18_000, faults: 6, length: [20, 300] }],
  run: (random) => {
    const causes = [wandering(random, 0.98), wandering(random, 0.9), wandering(random, 0.7)];
    const weights = Array.from({ length: WIDTH }, () => causes.map(() => 0.4 * random.normal()));
    let job = 0;
    return (row, { loss, strange }) => {
      const day = Math.sin((2 * Math.PI * row) / 1440);
      job = job > 0 ? job - 1 : random.next() < 0.002 ? random.integer(3, 25) : 0;
      const now = causes.map((cause) => cause());
      return weights.map((weight, at) => {
        const drive =
          weight.reduce((sum, factor, cause) => sum + factor * (now[cause] ?? 0), 0) +
          (at % 3 === 0 ? 0.5 * day : 0) +
          (at % 5 === 1 && job > 0 ? 1 : 0) +
          (at % 4 === 2 ? loss : 0) +
          (strange ? (at % 2 === 0 ? 0.8 : -0.8) : 0);
        if (at >= WIDTH - 4)
          return at === WIDTH - 1 ? 0 : random.next() < 0.004 ? 1 + Math.floor(3 * random.next()) : 0;
        const value = Math.exp(drive) + 0.05 * random.normal();
        return at % 2 === 0 ? Math.round(100 * value) / 100 : value / (1 + value);
      });
    };
  },
};

export const fleetPlants: readonly Plant[] = [machineRoom];
