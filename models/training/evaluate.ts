import { seededRandom } from '../../edge/core/random.ts';
import type { DetectionParts } from '../../edge/detection/index.ts';
import type { Happening } from '../../simulator/city/plant.ts';
import { districts } from './plan.ts';
import { modelsFolder, replay } from './replay.ts';

/**
 * Judges burst detection on seeds that calibration and training never saw, and prints one line per kind of case.
 * `node models/training/evaluate.ts [COUNT] [KIND…]`: COUNT cases of each kind (200 when left out), about a quarter of a
 * second each. Every case draws its own hour, weekday, season, district and size from its seed.
 */
const FIRST_SEED = 70_000;
const YEAR_MINUTES = 365 * 1440;
const NEW_YEAR_2026_MS = Date.UTC(2026, 0, 1);

interface Case {
  readonly seed: number;
  readonly startMs: number;
  readonly forS: number;
  readonly gatewayStartsS: number;
  readonly happenings: readonly Happening[];
}

interface Kind {
  /** s of city life. */
  readonly forS: number;
  /** What happens, `atS` seconds after the start; nothing when left out. */
  readonly happening?: {
    readonly kind: string;
    readonly low: number;
    readonly high: number;
    readonly durationS: number;
  };
  /** The gateway starts this many seconds before (or, negative, after) the happening. */
  readonly aheadS: readonly [number, number];
  readonly parts?: Partial<DetectionParts>;
}

const burst = (low: number, high: number) => ({ kind: 'water.burst', low, high, durationS: 0 });
const flush = { kind: 'water.hydrant-flush', low: 6, high: 14, durationS: 180 };

const kinds: Readonly<Record<string, Kind>> = {
  'burst 25': { forS: 40, happening: burst(25, 25), aheadS: [3, 10] },
  'burst 25–80': { forS: 40, happening: burst(25, 80), aheadS: [3, 10] },
  'burst 25–80, no model': {
    ...{ forS: 40, happening: burst(25, 80), aheadS: [3, 10] },
    parts: { modelsFolder: `${modelsFolder}/missing` },
  },
  'burst 25, gateway late': { forS: 60, happening: burst(25, 25), aheadS: [-25, -5] },
  'burst 25–80, gateway late': { forS: 60, happening: burst(25, 80), aheadS: [-25, -5] },
  none: { forS: 1200, aheadS: [0, 0] },
  'hydrant flush': { forS: 300, happening: flush, aheadS: [3, 40] },
  'hydrant flush, gateway late': { forS: 300, happening: flush, aheadS: [-60, -5] },
  'pump trip': {
    ...{ forS: 600, happening: { kind: 'water.pump-trip', low: 1, high: 1, durationS: 300 } },
    aheadS: [3, 40],
  },
};

function draw(kind: Kind, seed: number): Case {
  const random = seededRandom(seed, 'evaluate');
  const startMs = NEW_YEAR_2026_MS + random.integer(0, YEAR_MINUTES - 1) * 60_000;
  const aheadS = random.integer(...kind.aheadS);
  const [atS, gatewayStartsS] = aheadS >= 0 ? [aheadS, 0] : [1, 1 - aheadS];
  const base = { seed, startMs, forS: kind.forS, gatewayStartsS };
  if (!kind.happening) return { ...base, happenings: [] };
  const { kind: name, low, high, durationS } = kind.happening;
  const target = name === 'water.pump-trip' ? 'ps-1' : (districts[random.integer(0, 3)] as string);
  const magnitude = low + (high - low) * random.next();
  const happening = { id: `case-${seed}`, kind: name, target, startMs: startMs + atS * 1000, durationS, magnitude };
  return { ...base, happenings: [happening] };
}

const quantile = (sorted: readonly number[], share: number): string =>
  sorted.length === 0 ? '–' : (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);

/** Runs the cases of one kind; a line of figures. Seconds count from the burst, or from the gateway's start if later. */
async function judge(name: string, kind: Kind, count: number, firstSeed: number): Promise<string> {
  const delays: number[] = [];
  const missed: string[] = [];
  const wrong: string[] = [];
  let hours = 0;
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const drawn = draw(kind, seed);
    const { findings } = await replay({ ...drawn, utilities: ['water'], ...(kind.parts ? { parts: kind.parts } : {}) });
    hours += (drawn.forS - drawn.gatewayStartsS) / 3600;
    const [happening] = drawn.happenings;
    const target = happening?.kind === 'water.burst' ? happening.target : undefined;
    const raised = findings.filter(({ active, kind: of }) => active && of === 'burst');
    const right = raised.find(({ asset }) => asset === target);
    const fromMs = Math.max(happening?.startMs ?? 0, drawn.startMs + drawn.gatewayStartsS * 1000);
    if (right) delays.push((right.time - fromMs) / 1000);
    const where = `${seed} ${happening?.target ?? ''} ${happening?.magnitude.toFixed(0) ?? ''} ${new Date(drawn.startMs).toISOString()}`;
    if (target && !right) missed.push(where);
    for (const { asset } of raised) if (asset !== target) wrong.push(`${where}: ${asset}`);
  }
  delays.sort((a, b) => a - b);
  const found = kind.happening?.kind === 'water.burst' ? `${delays.length}/${count}` : '';
  const figures = [quantile(delays, 0.5), quantile(delays, 0.95), quantile(delays, 1)].map((text) => text.padStart(6));
  const details = [...missed.map((text) => `missed ${text}`), ...wrong.map((text) => `false ${text}`)].slice(0, 10);
  const late = delays.filter((delay) => delay > 15).length;
  return [
    `${name.padEnd(30)}${found.padStart(9)}${figures.join('')}${String(late).padStart(7)}${String(wrong.length).padStart(7)}${hours.toFixed(1).padStart(8)}`,
    ...details.map((text) => `    ${text}`),
  ].join('\n');
}

const count = Number(process.argv[2] ?? 200);
const wanted = process.argv.slice(3);
process.stdout.write(`${'case'.padEnd(30)}    found median   p95   max  > 15 s  false   hours\n`);
for (const [index, [name, kind]] of Object.entries(kinds).entries()) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const line = await judge(name, kind, count, FIRST_SEED + index * 10_000);
  process.stdout.write(`${line}\n`);
}
