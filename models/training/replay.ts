import { loadPacks } from '../../edge/config/packs.ts';
import type { Asset } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import type { Finding } from '../../edge/core/finding.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createDetection, type Detection, type DetectionParts } from '../../edge/detection/index.ts';
import type { Happening, Truth } from '../../simulator/city/plant.ts';
import { type HistoryStep, runHistory } from '../../simulator/exam/history.ts';
import type { NetworkFile } from '../../simulator/water/network-file/source.ts';

const here = (path: string) => new URL(path, import.meta.url).pathname;
/** Where the released model and the packs lie. */
export const modelsFolder = here('..');
/** The released calibration of the simulated city. */
export const calibrationFile = here('../../examples/demo/calibration.json');

/** A stretch of the city's life, second by second, and the gateway that sees it. */
export interface ReplayOptions {
  readonly seed: number;
  readonly startMs: number;
  readonly forS: number;
  readonly happenings: readonly Happening[];
  /** All of them when left out. */
  readonly utilities?: readonly string[];
  /** EPANET file that its water runs in; its own networks when left out. */
  readonly waterNetwork?: NetworkFile;
  /** The gateway is switched on so many seconds after `startMs`; 0 when left out. */
  readonly gatewayStartsS?: number;
  /** Called before each second's values reach the gateway, and so may spoil them. */
  readonly onSecond?: (second: number, detection: Detection) => void;
  readonly parts?: Partial<DetectionParts>;
}

export interface Replay {
  readonly findings: readonly Finding[];
  readonly notices: readonly LifelineError[];
  readonly truths: readonly Truth[];
  readonly detection: Detection;
}

/**
 * Feeds what the PLCs of a city see into a detection, one batch per PLC and second, without the wire. By seed, some
 * PLCs' values arrive a scan late, as polls that race with a PLC's own scan do. Time is virtual and waits for the model.
 */
export async function replay(options: ReplayOptions): Promise<Replay> {
  const { seed, startMs, forS, gatewayStartsS = 0, parts = {} } = options;
  const steps: Float64Array[] = [];
  let first: HistoryStep | undefined;
  const truths = await runHistory({
    ...{ ...options, hours: forS / 3600, stepS: 1 },
    onStep: (step) => {
      first ??= step;
      steps.push(step.values.slice());
    },
  });
  if (!first) throw new RangeError('a replay needs at least one second');
  const bound = bind(first);
  const clock = new VirtualClock(startMs + gatewayStartsS * 1000);
  const live = new LiveTable(bound.tags.size);
  const findings: Finding[] = [];
  const notices: LifelineError[] = [];
  const { packs } = await loadPacks(modelsFolder);
  const detection = createDetection({
    ...{ assets: bound.assets, tags: bound.tags, packs, live, clock, log: silentLog, calibrationFile, modelsFolder },
    onFinding: (finding) => findings.push(finding),
    onNotice: (notice) => notices.push(notice),
    ...parts,
  });
  const late = bound.devices.map(({ id }) => seededRandom(seed, `late/${id}`).integer(0, 1));
  await detection.idle();
  try {
    for (let second = gatewayStartsS; second < steps.length; second++) {
      await clock.advance(1000);
      options.onSecond?.(second, detection);
      for (const [index, { id, places }] of bound.devices.entries()) {
        const values = steps[Math.max(gatewayStartsS, second - (late[index] ?? 0))];
        const batch = createBatch(id, places.length, clock.wallMs());
        batch.tags.set(places);
        batch.times.fill(clock.wallMs());
        for (const [row, place] of places.entries()) batch.values[row] = values?.[place] ?? Number.NaN;
        live.write(batch);
        detection.batch(batch);
      }
      detection.tick();
      await detection.idle();
    }
  } finally {
    await detection.stop();
  }
  return { findings, notices, truths, detection };
}

/** Tags, assets with their roles, and devices of a city, as its gateway's configuration would give them. */
function bind({ names, points, assets }: HistoryStep) {
  const split = names.map((name) => name.split('/') as [string, string]);
  const tags = new TagTable(
    points.map(({ unit, scale, offset, low, high, periodMs }, place) => {
      const [device, point] = split[place] as [string, string];
      return {
        ...{ name: `${device}/${point}`, device, point, unit, scale, offset, low, high, deadband: 0, periodMs },
        description: '',
      };
    }),
  );
  const mapped = assets.map((asset): Asset => {
    const own = points.flatMap(({ asset: id, role }, place) =>
      id === asset.id && role !== undefined ? [[role, place] as const] : [],
    );
    return { ...asset, name: asset.name.zh, roles: Object.fromEntries(own) };
  });
  const devices = [...new Set(split.map(([device]) => device))].map((id) => ({
    id,
    places: Int32Array.from([...split.keys()].filter((place) => split[place]?.[0] === id)),
  }));
  return { tags, assets: mapped, devices };
}
