import { parentPort, workerData } from 'node:worker_threads';
import { type ClaimReport, calibrateGrid, TagWindows } from '../../../models/training/calibrate-history.ts';
import { type LoadedGateway, loadGateway } from '../../config/load.ts';
import { LifelineError } from '../../core/errors.ts';
import { packAssetOf } from '../../core/pack.ts';
import { codedText } from '../coded-text.ts';
import { pastErrors } from '../past/errors.ts';
import { type Past, readPast } from '../past/source.ts';
import type { PastWish } from '../past/wish.ts';
import { loadContext } from '../product.ts';
import type { Calibrated, CalibrationNews, Omission } from './work.ts';

const tell = (news: CalibrationNews) => parentPort?.postMessage(news);

/** Everything that a history of minutes, or of polls, says of normal operation. */
async function calibrate(wish: PastWish): Promise<Calibrated> {
  const { gateway } = await loadGateway(wish.config, loadContext);
  if (!gateway) throw new Error(`${wish.config} has mistakes`);
  const { tags, assets, packs } = gateway;
  const windows = new TagWindows();
  const past = await readPast(
    gateway,
    wish,
    (share) => tell({ share: share * 0.8, doing: 'reading history' }),
    (tag, times, values) => windows.take(tag, tags.periodMs[tag] as number, times, values),
  );
  tell({ share: 0.8, doing: 'calibrating' });
  const { grid, utcOffsetMinutes, source, notes } = past;
  const columns = new Map(grid.names.map((name, column) => [tags.indexOf(name), column]));
  const columnOf = (tag: number) => columns.get(tag) ?? -1;
  const { assets: found, claims } = calibrateGrid(assets, packs, grid, columnOf, utcOffsetMinutes);
  const polled = windows.found((tag) => grid.columns[columnOf(tag)], grid.stepS);
  return {
    calibration: {
      schema: 'lifeline-calibration/1',
      made: madeOf(past),
      ...{ utcOffsetMinutes, assets: found },
      tags: Object.fromEntries([...polled].map(([tag, habits]) => [tags.at(tag).name, habits])),
    },
    ...{ source, notes },
    not: [...claims.flatMap(omissionOf), ...coarseTags(gateway, past, polled), ...districts(gateway)],
  };
}

function madeOf({ grid, source, notes }: Past): Record<string, unknown> {
  const iso = (step: number) => new Date(grid.timeMs(step)).toISOString();
  const dataSha256 = grid.hash([...grid.columns.keys()]);
  return { by: 'lifeline calibrate', from: source, first: iso(0), last: iso(grid.steps - 1), dataSha256, notes };
}

const omission = (subject: string, error: LifelineError): Omission => ({ subject, error: codedText(error) });

function omissionOf({ asset, kind, found, missing }: ClaimReport): Omission[] {
  if (found) return [];
  const claim = `calibrate ${kind} of ${asset}`;
  const error =
    missing.length > 0
      ? pastErrors.create('ROLE', `${claim}: no tag for ${missing.join(', ')}`)
      : pastErrors.create('RESIDUAL', `${claim}: its history does not tell`);
  return [omission(`${asset}/${kind}`, error)];
}

/** Tags with a history, but none as often as they are polled. States need none. */
function coarseTags({ tags }: LoadedGateway, { grid }: Past, polled: ReadonlyMap<number, unknown>): Omission[] {
  return grid.names.flatMap((name, column) => {
    const tag = tags.indexOf(name);
    const known = grid.columns[column]?.some((value) => !Number.isNaN(value)) ?? false;
    if (tag === undefined || polled.has(tag) || !known || tags.at(tag).states !== undefined) return [];
    const period = `polled every ${(tags.periodMs[tag] as number) / 1000} s`;
    return [
      omission(name, pastErrors.create('COARSE', `calibrate ${name}: ${period}, history is coarser or too short`)),
    ];
  });
}

/** Districts are judged second by second, against flushing and pump trips that are told apart: history alone does not say that. */
function districts({ assets, packs }: LoadedGateway): Omission[] {
  const wanted = assets.filter(({ type }) =>
    packAssetOf(packs, type)?.detectors.some(({ detector }) => detector === 'district-burst'),
  );
  return wanted.map(({ id }) =>
    omission(
      `${id}/burst`,
      pastErrors.create('COARSE', `calibrate burst of ${id}: it needs scans of seconds in ordinary operation`),
    ),
  );
}

try {
  tell({ calibrated: await calibrate(workerData as PastWish) });
} catch (error) {
  if (!(error instanceof LifelineError)) throw error;
  tell({ failed: codedText(error) });
}
