import { z } from 'zod';
import { shelfChanges } from '../core/model-shelf.ts';
import { both } from '../core/text.ts';
import type { BudgetedAlarms } from '../core/verdict.ts';
import type { BudgetStatus, Watch } from '../core/watch.ts';
import type { ConsoleSource } from './api.ts';
import type {
  BudgetView,
  ClaimCourseView,
  DetectionView,
  ModelsView,
  RungView,
  WatchedAssetView,
  WatchedView,
} from './detection-wire.ts';
import { consoleErrors } from './errors.ts';
import { type ConsoleRoute, onBehalf, route, signed } from './route.ts';

/** Bounds of what is sent to a page at once. */
const maxAssetsShown = 1_000;
const maxWatchesShown = 300;
const maxDistrustedShown = 100;
const maxProposalsShown = 50;
const maxCourseHours = 24;
const hourMs = 3_600_000;
const daysOfWeek = 7;

const name = z.string().min(1).max(200);
const assetQuery = z.strictObject({ id: name });
const courseQuery = z.strictObject({
  ...{ asset: name, kind: name, to: z.coerce.number().positive() },
  hours: z.coerce.number().positive().max(maxCourseHours).default(2),
});
const modelChange = z.strictObject({
  ...{ change: z.enum(shelfChanges), asset: name, version: z.number().int().min(1) },
  ...onBehalf,
});

const settlement = z.strictObject({ asset: name, ...onBehalf });

/** The routes about detection. */
export function detectionRoutes(source: ConsoleSource): readonly ConsoleRoute[] {
  const { detection } = source;
  return [
    route({
      ...{ method: 'GET', path: '/api/detection', policy: 'viewer' },
      summary: 'What is watched, by which detectors, with the alarm budget',
      answer: () => detectionView(source),
    }),
    route({
      ...{ method: 'GET', path: '/api/detection/asset', policy: 'viewer', query: assetQuery },
      summary: 'What is watched of one asset',
      answer: ({ query }) => watchedView(source, query.id),
    }),
    route({
      ...{ method: 'GET', path: '/api/detection/course', policy: 'viewer', query: courseQuery },
      summary: 'Observed against expected, where a claim has such a course',
      answer: ({ query }) => courseView(source, query),
    }),
    route({
      ...{ method: 'GET', path: '/api/models', policy: 'viewer' },
      summary: 'Versions of learned models with their trials',
      answer: async (): Promise<ModelsView> => ({ versions: await detection.models() }),
    }),
    route({
      ...{ method: 'POST', path: '/api/recalibration-settle', policy: 'engineer', body: settlement },
      summary: 'Marks a proposed calibration as done',
      async answer(call) {
        const { asset } = call.body;
        if (!(await detection.settleProposal(asset, signed(call))))
          throw consoleErrors.create(
            'NOT-FOUND',
            both(`settle the calibration proposed for ${asset}: there is none`, `处理 ${asset} 的标定建议：没有此建议`),
          );
        return { result: 'done' };
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/model-change', policy: 'engineer', body: modelChange },
      summary: 'Changes which version of a model decides or scores in shadow',
      async answer(call) {
        const { change, asset, version } = call.body;
        known(source, asset);
        const versions = (await detection.models()).filter((one) => one.asset === asset);
        call.note({ before: versions.map(({ version, role }) => ({ version, role })) });
        await detection.changeModel({ change, asset, version }, signed(call));
        return { result: 'done' };
      },
    }),
  ];
}

function known({ description }: ConsoleSource, id: string): void {
  if (!description.assets.some((asset) => asset.id === id))
    throw consoleErrors.create('NOT-FOUND', both(`look at asset ${id}: no such asset`, `查看对象 ${id}：没有此对象`));
}

async function detectionView(source: ConsoleSource): Promise<DetectionView> {
  const { detection, description } = source;
  const { watches, distrusted, outOfModel, calibration, budget } = detection.report();
  const { budgeted, widened } = source.verdicts();
  const proposals = detection.proposals();
  const byAsset = Map.groupBy(watches, ({ asset }) => asset);
  const masked = Map.groupBy(distrusted, ({ asset }) => asset);
  const assets = description.assets.map(({ id }): WatchedAssetView => {
    const own = byAsset.get(id) ?? [];
    const judged = own.filter(({ state }) => state === 'watching' || state === 'claimed');
    const scores = own.flatMap(({ score }) => (score === null ? [] : [score]));
    const minutes = outOfModel[id];
    return {
      ...{ asset: id, watches: own.length, claimed: countOf(own, 'claimed'), waiting: countOf(own, 'waiting') },
      rung: judged.length > 0 ? Math.max(...judged.map(({ rung }) => rung)) : null,
      score: scores.length > 0 ? Math.max(...scores) : null,
      distrusted: masked.get(id)?.length ?? 0,
      outOfModel: minutes?.now ?? false,
      outsideShare: minutes && minutes.minutes > 0 ? minutes.outside / minutes.minutes : null,
    };
  });
  return {
    calibration: calibration ? wordsOf(calibration) : null,
    historySince: (await detection.historySince()) ?? null,
    learning: detection.learning(),
    budget: budgetView(budget, budgeted, assets.length),
    ...{ widened: widened.slice(0, maxProposalsShown), widenedTotal: widened.length },
    ...{ proposals: proposals.slice(0, maxProposalsShown), proposalsTotal: proposals.length },
    total: assets.length,
    rungs: rungsOf(watches),
    assets: assets.sort(compareWatched).slice(0, maxAssetsShown),
  };
}

const countOf = (watches: readonly Watch[], state: Watch['state']): number =>
  watches.filter((watch) => watch.state === state).length;

/** What claims first, then what is masked or out of model, then the largest score. */
const compareWatched = (a: WatchedAssetView, b: WatchedAssetView): number =>
  b.claimed - a.claimed ||
  Number(b.outOfModel) - Number(a.outOfModel) ||
  b.distrusted - a.distrusted ||
  (b.score ?? 0) - (a.score ?? 0);

/** Where the figures come from, as short words: a calibration may say at length how it was made. */
const wordsOf = (made: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(made)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .slice(0, 12)
      .map(([key, value]) => [key, String(value).slice(0, 200)]),
  );

function budgetView(budget: BudgetStatus, counted: BudgetedAlarms, assets: number): BudgetView {
  const { days, nuisance, unjudged } = counted;
  const rate = (alarms: number) => alarms / ((assets * days) / daysOfWeek);
  return {
    ...budget,
    counted,
    realised: days < 1 || assets === 0 ? null : [rate(nuisance), rate(nuisance + unjudged)],
  };
}

function rungsOf(watches: readonly Watch[]): readonly RungView[] {
  return [...Map.groupBy(watches, ({ detector }) => detector)]
    .map(
      ([detector, own]): RungView => ({
        ...{ rung: own[0]?.rung ?? 0, detector, watches: own.length, claimed: countOf(own, 'claimed') },
        ...{ watching: countOf(own, 'watching'), idle: countOf(own, 'idle'), waiting: countOf(own, 'waiting') },
        outOfModel: countOf(own, 'out-of-model'),
        uncalibrated: own.filter(({ reason }) => reason === 'calibration').length,
        historyDays: Math.max(0, ...own.flatMap((watch) => watch.historyDays ?? [])),
        unmapped: own.filter(({ reason }) => reason === 'role').length,
      }),
    )
    .sort((a, b) => a.rung - b.rung);
}

async function watchedView(source: ConsoleSource, id: string): Promise<WatchedView> {
  known(source, id);
  const { detection } = source;
  const { watches, distrusted, outOfModel } = detection.report();
  return {
    asset: id,
    historySince: (await detection.historySince()) ?? null,
    watches: watches
      .filter(({ asset }) => asset === id)
      .slice(0, maxWatchesShown)
      .map((watch) => ({ ...watch, meaning: detection.meaning(id, watch.kind) ?? null })),
    distrusted: distrusted.filter(({ asset }) => asset === id).slice(0, maxDistrustedShown),
    outOfModel: outOfModel[id] ?? null,
  };
}

async function courseView(source: ConsoleSource, query: z.output<typeof courseQuery>): Promise<ClaimCourseView> {
  const { asset, kind, to, hours } = query;
  known(source, asset);
  const found = await source.detection.course(asset, kind, to - hours * hourMs, to);
  if (!found) return { course: null };
  const { quantity, unit, times, observed, expected, low, high } = found;
  const columns = { observed: [...observed], expected: [...expected], low: [...low], high: [...high] };
  return { course: { quantity, unit, times: [...times], ...columns } };
}
