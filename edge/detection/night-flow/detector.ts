import type { Evidence } from '../../core/finding.ts';
import { leastHistory } from '../../core/watch.ts';
import { bindEach, withoutCalibration, withoutRoles } from '../binding.ts';
import { isFreeDay, type NightFlowCalibration } from '../calibration.ts';
import {
  type Attachment,
  claimOf,
  type Detector,
  type DetectorContext,
  type DetectorFactory,
  type OwnWatch,
  type Snapshot,
  scoreOfRatio,
  watchOver,
} from '../detector.ts';
import { recall, remembered } from '../memory.ts';
import { medianOfFinite } from '../order-statistics.ts';
import { fewestPeers } from '../role-tags.ts';
import { type NightChart, newNightChart, stepNight } from './chart.ts';
import { Night } from './night.ts';
import { type NightFlowOptions, nightFlowOptions } from './options.ts';
import { isSpringFestival } from './spring-festival.ts';

const minutesOfDay = 1440;
const whyUnwatched = 'they have no calibration, or their two meters no common unit';
/** Weather and feasts explain no more than this, in standard deviations: where several districts leak, all the same show. */
const mostCommon = 3;

/** One district: what it takes by night and what it took before. */
interface Watched {
  readonly attachment: Attachment;
  readonly calibration: NightFlowCalibration;
  readonly options: NightFlowOptions;
  readonly inflow: number;
  /** -1 where nothing flows on. */
  readonly outflow: number;
  readonly night: Night;
  readonly chart: NightChart;
  /** The last night that was judged since the start. */
  last: Judged | undefined;
}

/** A night that was judged: sum of the chart over its limit after it. */
interface Judged {
  readonly level: number;
  readonly expected: number;
  readonly ratio: number;
}

/** A night that is over. */
interface Slept {
  readonly watched: Watched;
  readonly level: number;
  readonly expected: number;
  /** In standard deviations. */
  readonly deviation: number;
}

/** What is remembered of a district. */
const memory = ['chart', 'night', 'last'] as const;

/**
 * Leakage that comes slowly: the minimum night flow, when people sleep and what flows is mostly leakage, against that of the
 * calibration, night by night in a CUSUM. What all districts have more of in the same night is weather or a feast and
 * counts for none of them.
 */
class NightFlow implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly Watched[];
  private readonly usualShare: number;
  /** Districts that cannot be watched. */
  private readonly unwatched: readonly OwnWatch[];

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    const bindOne = (attachment: Attachment) => bind(context, attachment);
    const { watched, unwatched } = bindEach(context, attachments, bindOne, 'night flows', whyUnwatched);
    this.watched = watched;
    this.unwatched = unwatched;
    // two weeks tell little of how much nights differ: no district counts as steadier than the middle one
    this.usualShare = medianOfFinite(this.watched.map(({ calibration }) => calibration.share));
  }

  tick(wallMs: number): void {
    const localMinutes = wallMs / 60_000 + (this.context.calibration?.utcOffsetMinutes ?? 0);
    const over = this.watched.flatMap((watched) => {
      if (watched.night.add(localMinutes, this.flowOf(watched))) return [];
      return sleptOf(watched, this.usualShare) ?? [];
    });
    for (const slept of over) this.judge(slept, over, wallMs);
  }

  watches(): readonly OwnWatch[] {
    const own = this.watched.map((one) => {
      const { attachment, chart, last } = one;
      if (!last) return watchOver(attachment, chart.active ? 'claimed' : 'waiting', { reason: 'night' });
      const evidence = [this.evidence(one, last)];
      return watchOver(attachment, chart.active ? 'claimed' : 'watching', {
        evidence,
        score: scoreOfRatio(last.ratio),
      });
    });
    return [...own, ...this.unwatched];
  }

  snapshot(): Snapshot {
    return remembered(this.named(), memory);
  }

  restore(snapshot: Snapshot): readonly string[] {
    recall(this.named(), memory, snapshot);
    return this.watched.filter(({ chart }) => chart.active).map(({ attachment }) => claimOf(attachment));
  }

  private named() {
    return this.watched.map(
      ({ attachment, chart, night, last }) => [claimOf(attachment), { chart, night: night.state, last }] as const,
    );
  }

  /** What flows in and stays, in the unit of the inflow; not a number while a meter cannot be trusted. */
  private flowOf({ inflow, outflow }: Watched): number {
    const { live, trust } = this.context;
    if (!trust.usable(inflow) || (outflow >= 0 && !trust.usable(outflow))) return Number.NaN;
    return (live.values[inflow] as number) - (outflow >= 0 ? (live.values[outflow] as number) : 0);
  }

  private evidence({ inflow, options }: Watched, { level, expected }: Judged): Evidence {
    const { unit } = this.context.tags.at(inflow);
    const windowS = (options.toHour - options.fromHour) * 3600;
    return { tag: 'night-flow', observed: rounded(level), expected: rounded(expected), unit, windowS };
  }

  private judge({ watched, level, expected, deviation }: Slept, over: readonly Slept[], time: number): void {
    if (Number.isNaN(deviation)) return;
    const { attachment, chart } = watched;
    const { asset, kind } = attachment;
    const before = chart.active;
    const common = commonRise(over.filter((other) => other.watched !== watched));
    const ratio = stepNight(chart, deviation - common, this.context.tolerance(attachment));
    watched.last = { level, expected, ratio };
    if (chart.active === before) return;
    this.context.emit({
      ...{ asset: asset.id, kind, from: 'night-flow', active: chart.active, time },
      score: scoreOfRatio(ratio),
      evidence: [this.evidence(watched, watched.last)],
      decision: {
        night: `${deviation.toFixed(1)} σ, ${common.toFixed(1)} σ common`,
        cusum: `${ratio.toFixed(2)} × limit`,
      },
    });
  }
}

const rounded = (value: number): number => Number(value.toFixed(2));

/** How much more the others have as a rule; 0 when they have less, or are too few to tell. */
function commonRise(others: readonly Slept[]): number {
  const deviations = others.map(({ deviation }) => deviation).filter(Number.isFinite);
  return deviations.length < fewestPeers ? 0 : Math.max(0, Math.min(mostCommon, medianOfFinite(deviations)));
}

/** The night that has just ended, where it is like others; undefined by day. */
function sleptOf(watched: Watched, usualShare: number): Slept | undefined {
  const ended = watched.night.end();
  if (!ended || isSpringFestival(ended.day)) return undefined;
  const { working, free, share } = watched.calibration;
  const expected = isFreeDay(ended.day * minutesOfDay) ? free : working;
  return {
    watched,
    level: ended.level,
    expected,
    deviation: (ended.level / expected - 1) / Math.max(share, usualShare),
  };
}

/** Joins an asset with its calibration; what is said of it when it cannot be watched. */
function bind(context: DetectorContext, attachment: Attachment): Watched | OwnWatch {
  const { id, roles } = attachment.asset;
  const options = nightFlowOptions.parse(attachment.options);
  const inflow = roles[options.inflow];
  const outflow = options.outflow === undefined ? undefined : roles[options.outflow];
  if (inflow === undefined) return withoutRoles(attachment, [options.inflow]);
  const calibration = context.calibration?.assets[id]?.nightFlow;
  const sameUnit = outflow === undefined || context.tags.at(inflow).unit === context.tags.at(outflow).unit;
  if (!calibration || !sameUnit) return withoutCalibration(attachment);
  const state = { night: new Night(options), chart: newNightChart() };
  return { attachment, calibration, options, inflow, outflow: outflow ?? -1, last: undefined, ...state };
}

export const nightFlowFactory: DetectorFactory = {
  rung: 2,
  historyDays: leastHistory.nights,
  statistical: true,
  options: nightFlowOptions,
  create: (context, attachments) => new NightFlow(context, attachments),
};
