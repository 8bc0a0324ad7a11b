import { type CaseShape, lag, type Plant, wandering } from './plant.ts';

/** A pump that drives water round a loop with a valve, on a test bench: eight sensors, a quarter of an hour, still warming up. */
const pumpLoop: Plant = {
  name: 'pump on a test bench',
  columns: ['shaking-1', 'shaking-2', 'current', 'pressure', 'motor', 'water', 'voltage', 'flow'],
  stepMs: 1000,
  shapes: [{ trained: 400, rows: 1000, faults: 1, length: [300, 300] }],
  run: (random) => {
    const [mains, swirl] = [wandering(random, 0.9), wandering(random, 0.6)];
    const [opening, heat] = [lag(15, 1), lag(600, random.integer(0, 20))];
    const begin = 24 + 2 * random.normal();
    return (_, { loss, strange }) => {
      const volts = 230 + 3 * mains();
      const valve = opening(1 - 0.5 * Math.min(1, loss));
      const speed = (volts / 230) * (strange ? 0.85 : 1);
      const flow = 32 * speed * valve * (1 + 0.01 * swirl());
      const current = 1.2 * speed ** 2 + 0.03 * flow;
      const warm = heat(12 * current ** 2 * 0.5);
      const shaking = 0.03 * speed ** 2 * (1 + 2 * (1 - valve)) * Math.exp(0.1 * random.normal());
      const noise = (size: number) => size * random.normal();
      return [
        ...[shaking, 1.4 * shaking * Math.exp(noise(0.05)), current + noise(0.08)],
        ...[
          Math.round((0.9 * speed ** 2 - 0.0004 * flow ** 2 + noise(0.1)) / 0.3) * 0.3,
          begin + 40 + warm + noise(0.1),
        ],
        ...[begin + 0.1 * warm + noise(0.03), volts + noise(1), Math.round(flow + noise(0.4))],
      ];
    };
  },
};

const STAGES = 6;
const stageColumns = ['level', 'inflow', 'outflow', 'pressure', 'quality', 'pump', 'spare', 'valve'];

/**
 * Water through six stages of treatment, each with a tank, two pumps and a valve between two levels: 48 signals and states.
 * Each pump carries more than the next, so that tanks fill and empty, and come back after a fault.
 * @param slowness how many rows what takes one row in the quick one takes
 */
const treatmentAt = (name: string, slowness: number, shape: CaseShape): Plant => ({
  name,
  columns: Array.from({ length: STAGES }, (_, stage) => stageColumns.map((signal) => `${stage + 1}-${signal}`)).flat(),
  stepMs: 10_000 / slowness,
  states: new Set(Array.from({ length: STAGES }, (_, stage) => [5, 6, 7].map((at) => 8 * stage + at)).flat()),
  shapes: [shape],
  run: (random) => {
    const raw = wandering(random, 0.995 ** (1 / slowness));
    const stages = Array.from({ length: STAGES }, (_, at) => ({
      ...{ level: 500 + 40 * at, capacity: 4 * 0.75 ** at },
      ...{
        pump: at % 2,
        spare: 0,
        valve: 1,
        rush: lag(3, 0),
        draw: lag(3, 0),
        quality: lag((40 + 20 * at) * slowness, 7),
      },
    }));
    return (_, { loss, strange }) => {
      let quality = 7 + 0.2 * raw();
      return stages.flatMap((stage, at) => {
        const next = stages[at + 1];
        if (stage.level < 500) stage.valve = 1;
        if (stage.level > 800) stage.valve = 0;
        if (!next || next.level < 550) stage.pump = 1;
        if ((next && next.level > 780) || stage.level < 250) stage.pump = 0;
        stage.spare = strange && at === 2 ? 1 : 0;
        const before = stages[at - 1];
        const inflow = stage.rush(before ? before.capacity * before.pump : 5.3 * stage.valve);
        const outflow = stage.draw(stage.capacity * (stage.pump + 0.6 * stage.spare));
        stage.level += (0.4 / slowness) * (inflow - outflow - (at === 1 ? loss : 0));
        quality = stage.quality(quality + (at === 3 && stage.pump ? 0.4 + 0.5 * loss : 0));
        const noise = (size: number) => size * random.normal();
        return [
          ...[stage.level + noise(0.5), inflow + noise(0.02), outflow * (at === 4 ? 1 - 0.2 * loss : 1) + noise(0.02)],
          ...[1 + 0.4 * outflow ** 2 + stage.level / 1000 + noise(0.02), quality + noise(0.01)],
          ...[stage.pump + 1, stage.spare + 1, stage.valve + 1],
        ];
      });
    };
  },
});

const treatment = treatmentAt('water treatment works', 1, {
  trained: 6000,
  rows: 20_000,
  faults: 6,
  length: [60, 900],
});
const treatmentBySecond = treatmentAt('water treatment works by the second', 10, {
  ...{ trained: 40_000, rows: 100_000, faults: 8, length: [300, 5000] },
});

export const rigPlants: readonly Plant[] = [pumpLoop, treatment, treatmentBySecond];
