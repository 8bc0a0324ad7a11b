import { z } from 'zod';
import type { SeasonalCalibration } from './calibration.ts';
import { profileAt } from './calibration.ts';
import { type ChartState, stepChart } from './charts/cusum.ts';
import {
  type Attachment,
  claimOf,
  type Detector,
  type DetectorContext,
  type DetectorFactory,
  type Snapshot,
} from './detector.ts';
import { detectionErrors } from './errors.ts';

/** The residual is averaged over this long before it is charted. */
const WINDOW_S = 60;
/** A window with fewer scans than this says nothing. */
const WINDOW_MIN_SCANS = 30;
const options = z.strictObject({ role: z.string(), direction: z.enum(['both', 'up', 'down']).default('both') });

interface Chart {
  readonly attachment: Attachment;
  readonly direction: 'both' | 'up' | 'down';
  readonly tag: number;
  readonly calibration: SeasonalCalibration;
  readonly state: ChartState;
  /** Sum and count of the residuals of the open window, and when it began (monotonic ms). */
  sum: number;
  expected: number;
  count: number;
  openedAt: number;
}

const saved = z.object({ up: z.number(), down: z.number(), active: z.boolean() });

/** Watches roles with a daily course for slow departures from it. */
class SeasonalCusum implements Detector {
  private readonly context: DetectorContext;
  private readonly charts: readonly Chart[];

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    this.charts = attachments.flatMap((attachment) => bindChart(context, attachment) ?? []);
  }

  tick(wallMs: number, monotonicMs: number): void {
    const { live, trust, calibration } = this.context;
    for (const chart of this.charts) {
      if (chart.count === 0) chart.openedAt = monotonicMs;
      if (trust.usable(chart.tag)) {
        const expected = profileAt(chart.calibration.profile, wallMs, calibration?.utcOffsetMinutes ?? 0);
        chart.sum += (live.values[chart.tag] ?? Number.NaN) - expected;
        chart.expected += expected;
        chart.count++;
      }
      if (monotonicMs - chart.openedAt >= WINDOW_S * 1000) this.close(chart, wallMs);
    }
  }

  snapshot(): Snapshot {
    return Object.fromEntries(this.charts.map((chart) => [claimOf(chart.attachment), { ...chart.state }]));
  }

  restore(snapshot: Snapshot): readonly string[] {
    for (const chart of this.charts) {
      const found = saved.safeParse(snapshot[claimOf(chart.attachment)]);
      if (found.success) Object.assign(chart.state, found.data);
    }
    return this.charts.filter(({ state }) => state.active).map(({ attachment }) => claimOf(attachment));
  }

  private close(chart: Chart, wallMs: number): void {
    const { state, count, calibration, attachment, direction } = chart;
    const mean = chart.sum / count;
    const expected = chart.expected / count;
    Object.assign(chart, { sum: 0, expected: 0, count: 0 });
    if (count < WINDOW_MIN_SCANS) return;
    const scale = profileAt(calibration.scale, wallMs, this.context.calibration?.utcOffsetMinutes ?? 0);
    const before = state.active;
    const ratio = stepChart(state, mean / scale, calibration, direction);
    if (state.active === before) return;
    const { name, unit } = this.context.tags.at(chart.tag);
    this.context.emit({
      asset: attachment.asset.id,
      kind: attachment.kind,
      from: 'seasonal-cusum',
      active: state.active,
      score: ratio ** 2 / (1 + ratio ** 2),
      time: wallMs,
      evidence: [{ tag: name, observed: expected + mean, expected, unit, windowS: WINDOW_S }],
      decision: { cusum: `${ratio.toFixed(2)} × limit` },
    });
  }
}

/** Joins an attachment with its calibration; undefined, with a notice, when there is none. */
function bindChart(context: DetectorContext, attachment: Attachment): Chart | undefined {
  const { role, direction } = options.parse(attachment.options);
  const { asset } = attachment;
  const tag = asset.roles[role];
  if (tag === undefined) return undefined;
  const calibration = context.calibration?.assets[asset.id]?.seasonal?.[role];
  if (!calibration) {
    context.notice(detectionErrors.create('UNCALIBRATED', `watch ${role} of ${asset.id}: it has no calibration`));
    return undefined;
  }
  const state = { up: 0, down: 0, active: false };
  return { attachment, direction, tag, calibration, state, sum: 0, expected: 0, count: 0, openedAt: 0 };
}

export const seasonalCusumFactory: DetectorFactory = {
  options,
  create: (context, attachments) => new SeasonalCusum(context, attachments),
};
