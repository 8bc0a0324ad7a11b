import type { RiskLevel } from '../../core/alarm.ts';
import type { RiskGrowth } from '../../core/pack.ts';
import { both, fillText, type Text } from '../../core/text.ts';

/** A level that evidence has raised is lowered when nothing has spoken for it this long, ms. Design choice. */
export const growthHeldMs = 300_000;

/** A level that an alarm has grown to, and why. */
export interface Growth {
  readonly level: RiskLevel;
  readonly why: Text;
  /** When evidence last spoke for it, ms since epoch. */
  readonly at: number;
}

/** What is known of an alarm that stands. */
export interface GrowthEvidence {
  /** What a role of its asset shows; undefined where nothing good is known. */
  value(role: string): number | undefined;
  /** Assets that it feeds, over whatever lies between. */
  readonly downstream: number;
  /** Utilities of which something stands in its incident. */
  readonly utilities: number;
  /** For how long nobody has acknowledged it, minutes; 0 once somebody has. */
  readonly unacknowledgedMin: number;
}

/** Roman numerals sort as they stand: I is the gravest. */
export const graver = (one: RiskLevel, other: RiskLevel | undefined): RiskLevel =>
  other !== undefined && other < one ? other : one;

const levels: readonly RiskLevel[] = ['I', 'II', 'III'];

/**
 * The levels above its own that evidence has raised an alarm to, the gravest first, by the rules of its pack. More evidence
 * never makes less of it. Each level stays until nothing has spoken for it for `growthHeldMs`; a value speaks on for it until
 * it is back beyond the rule's hysteresis.
 * @param own the level that the pack gives it without evidence
 */
export function grown(
  own: RiskLevel,
  rules: readonly RiskGrowth[],
  evidence: GrowthEvidence,
  before: readonly Growth[],
  nowMs: number,
): readonly Growth[] {
  return levels.flatMap((level) => {
    if (level >= own) return [];
    const held = before.find((one) => one.level === level);
    for (const rule of rules) {
      const why = rule.to === level ? reasonOf(rule, evidence, held !== undefined) : undefined;
      if (why) return [{ level, why, at: nowMs }];
    }
    return held && nowMs - held.at < growthHeldMs ? [held] : [];
  });
}

/** Why a rule holds; undefined where it does not. @param held whether the level of the rule is reached already */
function reasonOf(rule: RiskGrowth, evidence: GrowthEvidence, held: boolean): Text | undefined {
  const { role, above, below, hysteresis = 0, why, downstream, utilities, unacknowledgedMin } = rule;
  const least = (wanted: number | undefined, is: number) => wanted !== undefined && is >= wanted;
  if (least(downstream, evidence.downstream))
    return both(`${evidence.downstream} assets downstream`, `下游 ${evidence.downstream} 个对象`);
  if (least(utilities, evidence.utilities))
    return both(`${evidence.utilities} utilities are hit`, `涉及 ${evidence.utilities} 个专业`);
  if (least(unacknowledgedMin, evidence.unacknowledgedMin))
    return both(`not acknowledged for ${unacknowledgedMin} min`, `${unacknowledgedMin} 分钟未确认`);
  const value = role === undefined ? undefined : evidence.value(role);
  if (value === undefined || !why) return undefined;
  const slack = held ? hysteresis : 0;
  const beyond = above !== undefined ? value > above - slack : below !== undefined && value < below + slack;
  return beyond
    ? fillText(why, { value: String(Number(value.toPrecision(3))), limit: String(above ?? below) })
    : undefined;
}
