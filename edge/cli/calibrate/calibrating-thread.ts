import { parentPort, workerData } from 'node:worker_threads';
import { type ClaimReport, calibrateGrid, TagWindows } from '../../../models/training/calibrate-history.ts';
import { cautions, cautiousAssets, cautiousTag } from '../../../models/training/cautious.ts';
import { type LoadedGateway, loadGateway } from '../../config/load.ts';
import { LifelineError } from '../../core/errors.ts';
import { packAssetOf } from '../../core/pack.ts';
import { both } from '../../core/text.ts';
import { type LearningStage, stageHistoryMs } from '../../core/watch.ts';
import type { TagCalibration } from '../../detection/calibration.ts';
import { codedText } from '../coded-text.ts';
import { pastErrors } from '../past/errors.ts';
import { type Past, readPast } from '../past/source.ts';
import { loadContext } from '../product.ts';
import type { Calibrated, CalibrationNews, CalibrationWish, Omission } from './work.ts';

/** Of the first hours a window of a tag may be so short: an hour polled every minute, nearly. */
const fewSamples = 50;
/** Share of a stage's history that must have values. */
const coveredShare = 0.8;

const tell = (news: CalibrationNews) => parentPort?.postMessage(news);

/** Everything that a history of minutes, or of polls, says of normal operation; of little history with caution. */
async function calibrate({ stage, ...wish }: CalibrationWish): Promise<Calibrated> {
  const { gateway } = await loadGateway(wish.config, loadContext);
  if (!gateway) throw new Error(`${wish.config} has mistakes`);
  const { tags } = gateway;
  const windows = new TagWindows(stage === 'first-hours' ? fewSamples : undefined);
  const past = await readPast(
    gateway,
    wish,
    (share) => tell({ share: share * 0.8, doing: 'reading history' }),
    (tag, times, values) => windows.take(tag, tags.periodMs[tag] as number, times, values),
  );
  if (stage) needMost(past, stageHistoryMs[stage]);
  tell({ share: 0.8, doing: 'calibrating' });
  const { utcOffsetMinutes, source, notes } = past;
  const { assets, claims } = stage === 'first-hours' ? { assets: {}, claims: [] } : assetsFrom(gateway, past, stage);
  const polled = tagsFrom(gateway, past, { windows, stage });
  return {
    calibration: {
      schema: 'lifeline-calibration/1',
      made: { ...madeOf(past), ...(stage ? { by: 'lifeline run', stage } : {}) },
      ...{ utcOffsetMinutes, assets },
      tags: Object.fromEntries([...polled].map(([tag, habits]) => [tags.at(tag).name, habits])),
    },
    ...{ source, notes },
    not: [...claims.flatMap(omissionOf), ...coarseTags(gateway, past, polled), ...districts(gateway)],
  };
}

const columnIn = ({ tags }: LoadedGateway, { grid }: Past) => {
  const columns = new Map(grid.names.map((name, column) => [tags.indexOf(name), column]));
  return (tag: number) => columns.get(tag) ?? -1;
};

/** Throws LL-PAST-ROWS where most of the minutes that a stage rests on have no value at all. */
function needMost({ grid }: Past, historyMs: number): void {
  let known = 0;
  for (let step = 0; step < grid.steps; step++)
    if (grid.columns.some((column) => Number.isFinite(column[step]))) known++;
  const [hadH, wantedH] = [(known * grid.stepS) / 3600, historyMs / 3_600_000];
  if (hadH < coveredShare * wantedH)
    throw pastErrors.create(
      'ROWS',
      both(
        `learn from ${wantedH} h: ${hadH.toFixed(1)} h of them have values`,
        `从 ${wantedH} h 的历史学习：其中有数值的只有 ${hadH.toFixed(1)} h`,
      ),
    );
}

function assetsFrom(gateway: LoadedGateway, past: Past, stage: LearningStage | undefined) {
  const { assets, packs } = gateway;
  const found = calibrateGrid(assets, packs, past.grid, columnIn(gateway, past), past.utcOffsetMinutes);
  return stage === 'first-days' ? { ...found, assets: cautiousAssets(found.assets, cautions[stage]) } : found;
}

/** What tags do; of the first hours only of those whose newest hour the hours before would have let pass. */
function tagsFrom(
  gateway: LoadedGateway,
  past: Past,
  { windows, stage }: { readonly windows: TagWindows; readonly stage: LearningStage | undefined },
): ReadonlyMap<number, TagCalibration> {
  const { tags } = gateway;
  const columnOf = columnIn(gateway, past);
  const found = windows.found((tag) => past.grid.columns[columnOf(tag)], past.grid.stepS);
  if (stage === undefined || stage === 'full') return found;
  const cautious = (tag: number) => (own: TagCalibration) => cautiousTag(own, tags.at(tag), cautions[stage]);
  const believed = [...found].filter(
    ([tag]) => stage !== 'first-hours' || windows.holds(tag, tags.periodMs[tag] as number, cautious(tag)),
  );
  return new Map(believed.map(([tag, own]) => [tag, cautious(tag)(own)]));
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
  tell({ calibrated: await calibrate(workerData as CalibrationWish) });
} catch (error) {
  if (!(error instanceof LifelineError)) throw error;
  tell({ failed: { ...codedText(error), told: error.told } });
}
