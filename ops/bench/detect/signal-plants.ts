import { lag, type Plant, wandering } from './plant.ts';

/** One signal that beats: each beat a rise, a spike and a wave, at a pace that wanders. What goes wrong is rhythm or shape, not level. */
const pulse: Plant = {
  name: 'one signal that beats',
  columns: ['pulse'],
  stepMs: 8,
  shapes: [{ trained: 4000, rows: 14_000, faults: 4, length: [80, 600] }],
  run: (random) => {
    const pace = wandering(random, 0.98);
    const breath = wandering(random, 0.999);
    let [phase, early] = [0, 0];
    return (_, { loss, strange }) => {
      phase += (1 + 0.05 * pace() + early) / 100;
      if (phase >= 1) {
        phase -= 1;
        early = strange && random.next() < 0.6 ? 0.7 : 0;
      }
      const at = (centre: number, width: number) => Math.exp(-(((phase - centre) / width) ** 2));
      const spike = (1 - 0.3 * Math.min(2, loss)) * at(0.35, 0.02) - 0.2 * at(0.4, 0.02);
      return [
        spike + 0.12 * at(0.2, 0.05) + (0.25 + 0.15 * loss) * at(0.65, 0.08) + 0.1 * breath() + 0.02 * random.normal(),
      ];
    };
  },
};

const COMMANDS = 24;

/** A channel of telemetry with the commands that move it: one number, and two dozen states that hardly ever change. */
const telemetry: Plant = {
  name: 'telemetry with commands',
  columns: ['channel', ...Array.from({ length: COMMANDS }, (_, at) => `command-${at + 1}`)],
  stepMs: 60_000,
  states: new Set(Array.from({ length: COMMANDS }, (_, at) => at + 1)),
  shapes: [{ trained: 2500, rows: 9000, faults: 3, length: [60, 500] }],
  run: (random) => {
    const rates = Array.from({ length: COMMANDS }, (_, at) => (at < 6 ? 0.002 * (at + 1) : at < 16 ? 0.0008 : 0));
    const pulls = rates.map(() => random.normal());
    const follow = lag(12, 0);
    const left = rates.map(() => 0);
    return (row, { loss, strange }) => {
      const commands = rates.map((rate, at) => {
        left[at] =
          (left[at] as number) > 0 ? (left[at] as number) - 1 : random.next() < rate ? random.integer(2, 25) : 0;
        return (left[at] as number) > 0 ? 1 : 0;
      });
      const drive = commands.reduce<number>((sum, on, at) => sum + (at < 6 ? on * (pulls[at] as number) : 0), 0);
      const orbit = Math.sin((2 * Math.PI * row * (strange ? 1.35 : 1)) / 95);
      const value = 0.8 * orbit + follow(drive) * (1 - 0.4 * loss) + 0.25 * loss;
      return [Math.round(50 * (value + 0.04 * random.normal())) / 50, ...commands];
    };
  },
};

/** A pumping station by the minute over three months, a month of training: days, weeks, two pumps that take turns. */
const station: Plant = {
  name: 'pumping station by the minute',
  columns: ['demand', 'flow', 'pressure', 'level', 'power', 'duty', 'standby'],
  stepMs: 60_000,
  states: new Set([5, 6]),
  shapes: [{ trained: 43_200, rows: 129_600, faults: 9, length: [60, 4000] }],
  run: (random) => {
    const [mood, near] = [wandering(random, 0.9995), wandering(random, 0.95)];
    const [duty, standby] = [lag(3, 1), lag(3, 0)];
    let [level, on, second] = [3, 1, 0];
    return (row, { loss, strange }) => {
      const hour = (row / 60) % 24;
      const free = Math.floor(row / 1440) % 7 >= 5;
      const bump = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));
      const use = 40 + (free ? 50 * bump(10.5, 3) : 60 * bump(7.5, 1.5)) + 45 * bump(19.5, 2.5);
      const demand = use * Math.exp(0.05 * mood() + 0.04 * near()) + 8 * loss;
      if (level < 2.2) on = 1;
      if (level > 4.2) on = 0;
      second = strange ? 1 : on && level < 1.9 ? 1 : second && level < 3 ? 1 : 0;
      const flow = (110 * duty(on) + 60 * standby(second)) * (1 - 0.02 * level);
      level = Math.max(0, Math.min(5, level + (flow - demand) / 6000));
      const noise = (size: number) => size * random.normal();
      return [
        ...[
          demand * (1 - 0.05 * loss) + noise(1),
          flow + noise(0.8),
          3 + 0.1 * level + 2.2e-4 * flow ** 2 + noise(0.03),
        ],
        ...[level + noise(0.01), 0.28 * flow * (1 + 0.05 * loss) + 2 * on + noise(0.3), on, second],
      ];
    };
  },
};

export const signalPlants: readonly Plant[] = [pulse, telemetry, station];
