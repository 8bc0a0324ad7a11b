import { lag, type Plant, wandering } from './plant.ts';

/** Three recipes in turn, each with its own gains; a set-point and two states tell them. */
const recipes: Plant = {
  name: 'recipes',
  columns: ['set-point', 'heater', 'mixer', 'temperature', 'current', 'flow', 'pressure'],
  stepMs: 1000,
  states: new Set([0, 1, 2]),
  run: (random) => {
    const load = wandering(random, 0.95);
    const temperature = lag(25, 50);
    const flow = lag(6, 10);
    let [recipe, left] = [0, 200];
    return (_, { loss, strange }) => {
      if (left-- <= 0) [recipe, left] = [random.integer(0, 2), random.integer(150, 400)];
      const setPoint = [50, 65, 80][recipe] ?? 50;
      const [heater, mixer] = strange ? [0, 1] : [recipe > 0 ? 1 : 0, recipe === 1 ? 1 : 0];
      const swing = load();
      const warm = temperature(setPoint + 2 * swing - 4 * loss);
      const through = flow(10 + 4 * recipe + (recipe === 1 ? -1 : 1) * swing);
      return [
        ...[setPoint, heater, mixer, warm + 0.2 * random.normal()],
        3 + 5 * heater + 2 * mixer + 0.4 * through * (1 + 0.2 * loss) + 0.15 * random.normal(),
        through + 0.1 * random.normal(),
        1 + 0.02 * through ** 2 * (1 - 0.25 * loss) + 0.05 * random.normal(),
      ];
    };
  },
};

/** Two tanks that pumps and a valve fill between two levels: saw teeth and states. */
const twoTanks: Plant = {
  name: 'pumps on and off',
  columns: ['level-1', 'level-2', 'flow-1', 'flow-2', 'pump-1', 'pump-2', 'valve', 'pressure'],
  stepMs: 1000,
  states: new Set([4, 5, 6]),
  run: (random) => {
    const demand = wandering(random, 0.99);
    const [rush, draw] = [lag(4, 0), lag(8, 0)];
    let [one, two] = [600, 700];
    let [first, second, valve] = [1, 0, 1];
    return (_, { loss, strange }) => {
      if (one < 500) first = 1;
      if (one > 800) first = 0;
      if (two < 650) valve = 1;
      if (two > 900) valve = 0;
      second = strange ? 1 : one < 470 ? 1 : 0;
      const inflow = rush(2.4 * first + 1.2 * second);
      const across = draw(1.9 * valve);
      const drawn = 1 + 0.2 * demand();
      one += inflow - across - 1.2 * loss;
      two += across - drawn;
      const noise = (size: number) => size * random.normal();
      return [
        ...[one + noise(0.6), two + noise(0.6), inflow + noise(0.02), across * (1 - 0.2 * loss) + noise(0.02)],
        ...[first, second, valve, 3 + 0.3 * inflow ** 2 - 0.2 * across + noise(0.03)],
      ];
    };
  },
};

/** Batches of three phases of random length: ramps, holds, emptying. */
const batches: Plant = {
  name: 'batches',
  columns: ['phase', 'temperature', 'pressure', 'agitator', 'feed', 'jacket'],
  stepMs: 5000,
  states: new Set([0]),
  run: (random) => {
    const drift = wandering(random, 0.98);
    const [vessel, jacket] = [lag(20, 25), lag(8, 25)];
    let [phase, left] = [0, 60];
    return (_, { loss, strange }) => {
      if (left-- <= 0) [phase, left] = [(phase + 1) % 3, random.integer(60, 140)];
      const target = (strange ? [40, 70, 25] : [25, 90, 45])[phase] ?? 25;
      const around = jacket(target + 2 * drift());
      const inside = vessel(around - 5 * loss);
      const noise = (size: number) => size * random.normal();
      return [
        ...[phase, inside + noise(0.2), 1 + 0.02 * inside * (1 - 0.2 * loss) + noise(0.02)],
        ...[phase === 1 ? 120 + noise(1.5) + 10 * loss : 30 + noise(1), phase === 0 ? 5 + noise(0.1) : noise(0.02)],
        around + noise(0.2),
      ];
    };
  },
};

export const switchedPlants: readonly Plant[] = [recipes, twoTanks, batches];
