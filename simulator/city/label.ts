import type { RiskLevel } from '../../edge/core/alarm.ts';
import type { Text } from '../../edge/core/text.ts';
import type { HappeningKind, Plane, Truth } from './happening.ts';
import type { Plc } from './plant.ts';

/** Time in which an alarm must be there, by what is at risk, s (design choice). */
const alarmWithinS: Readonly<Record<RiskLevel, number>> = { I: 60, II: 300, III: 1_800, IV: 86_400 };

/** What a scenario knows better about one of its happenings than the kind does. */
export interface LabelHints {
  readonly decoy?: boolean;
  readonly level?: RiskLevel;
  readonly alarmWithinS?: number;
  readonly expectedTags?: readonly string[];
}

/** What is true about a happening, written down when it begins. Times are ISO 8601 in UTC. */
export interface Label {
  readonly id: string;
  readonly utility: string;
  readonly kind: string;
  readonly plane: Plane;
  readonly decoy: boolean;
  /** What it happens to, as the scenario names it. */
  readonly target: string;
  /** Asset on which an alarm is right. */
  readonly asset: string;
  /** Assets on which a consequence may rightly alarm, `asset` included. */
  readonly affected: readonly string[];
  /** City time. */
  readonly start: string;
  /** City time; null when it lasts. */
  readonly end: string | null;
  /** Time of the machine that plays the city. */
  readonly wallTime: string;
  readonly rampS: number;
  readonly magnitude: number;
  readonly unit: string;
  /** Tags on which it shows, `plc/point`. */
  readonly expectedTags: readonly string[];
  /** City time by which an alarm must be there; null for a decoy. */
  readonly mustAlarmBy: string | null;
  readonly level: RiskLevel;
  /** Id of the happening of whose doing this one is; null for one of its own. */
  readonly parent: string | null;
  readonly text: Text;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Tags that fill roles of an asset. */
const tagsOf = (asset: string, plcs: readonly Plc[]): readonly string[] =>
  plcs.flatMap((plc) =>
    plc.points
      .filter((point) => point.asset === asset && point.role !== undefined)
      .map((point) => `${plc.id}/${point.name}`),
  );

/** The label of a happening that begins now, `wallMs` (ms since epoch) by the clock of this machine. */
export function labelOf(
  truth: Truth,
  kind: HappeningKind,
  plcs: readonly Plc[],
  wallMs: number,
  hints: LabelHints = {},
): Label {
  const { happening, asset, affected, text } = truth;
  const { id, target, startMs, durationS, rampS = 0, magnitude } = happening;
  const decoy = hints.decoy ?? truth.decoy;
  const level = hints.level ?? kind.level ?? 'III';
  const withinS = hints.alarmWithinS ?? kind.alarmWithinS ?? alarmWithinS[level];
  return {
    ...{ id, utility: kind.kind.slice(0, kind.kind.indexOf('.')), kind: kind.kind, plane: kind.plane ?? 'physical' },
    ...{ decoy, target, asset, affected },
    start: iso(startMs),
    end: durationS > 0 ? iso(startMs + durationS * 1000) : null,
    wallTime: iso(wallMs),
    ...{ rampS, magnitude, unit: kind.magnitude.unit },
    expectedTags: hints.expectedTags ?? truth.tags ?? tagsOf(asset, plcs),
    mustAlarmBy: decoy ? null : iso(startMs + withinS * 1000),
    ...{ level, parent: happening.parent ?? null, text },
  };
}
