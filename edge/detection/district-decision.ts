import { scoreOfRatio } from './detector.ts';
import type { DistrictReading } from './district-physics.ts';

/** Without the model's agreement the physical evidence must be this much clearer … */
const ALONE_MARGIN = 1.1;
/** … and last this long, s. */
const ALONE_HOLD_S = 6;
/** With it, this long. */
const AGREED_HOLD_S = 1;
/** A burst is over when the rise is below this share of the largest normal one, and the balance is closed, for so long. */
const CLEAR_SHARE = 0.4;
const CLEAR_HOLD_S = 15;
/** The narrowest of the margins that calibration leaves above normal operation is 1.05: no tolerance goes below that. */
const LEAST_TOLERANCE = 0.95;
/** With less evidence than this nothing is decided, whatever the model says. */
const ASKING_EVIDENCE = 0.8 * LEAST_TOLERANCE;
/** Physics alone is never surer than this. */
const ALONE_SCORE_CAP = 0.8;

/** What the model said of a scan. */
export type ModelVerdict =
  | { readonly score: number; readonly version: string }
  /** Why it said nothing: a code, `out-of-model` with the inputs, or a missing input. */
  | { readonly bypassed: string };

/** What is remembered of the decision: plain data. */
export interface DecisionState {
  active: boolean;
  /** How long the evidence has held (or, while active, the quiet), s. */
  agreedS: number;
  aloneS: number;
  quietS: number;
}

export const newDecisionState = (): DecisionState => ({ active: false, agreedS: 0, aloneS: 0, quietS: 0 });

export interface Decision {
  readonly active: boolean;
  readonly changed: boolean;
  readonly score: number;
  /** For `Finding.decision`. */
  readonly words: Readonly<Record<string, string>>;
}

/** The largest share of its limit that a sign of a burst has reached. */
const evidenceOf = ({ balance, cusum, jump }: DistrictReading): number => Math.max(balance, cusum, jump);

/** Whether the model may have a say in what is decided. */
export const asksModel = (reading: DistrictReading): boolean => evidenceOf(reading) >= ASKING_EVIDENCE;

/**
 * Joins physics and model: (balance, rise or jump) and the model's agreement, held for `AGREED_HOLD_S`; or physics alone,
 * clearer and held longer, so that no model can keep a burst from being found and none is needed to find it.
 * The state is changed in place.
 * @param tolerance how many times as wide as calibrated the limits of the evidence are
 */
export function decide(
  state: DecisionState,
  reading: DistrictReading,
  fastLs: number,
  verdict: ModelVerdict,
  dtS: number,
  tolerance: number,
): Decision {
  const evidence = evidenceOf(reading) / Math.max(LEAST_TOLERANCE, tolerance);
  const agrees = 'score' in verdict && verdict.score >= 0.5;
  const before = state.active;
  const held = (now: boolean, seconds: number) => (now ? seconds + dtS : 0);
  state.agreedS = held(evidence >= 1 && agrees, state.agreedS);
  state.aloneS = held(evidence >= ALONE_MARGIN, state.aloneS);
  state.quietS = held(reading.riseLs < CLEAR_SHARE * fastLs && reading.balance < 1, state.quietS);
  const agreed = state.agreedS > AGREED_HOLD_S;
  const alone = state.aloneS > ALONE_HOLD_S;
  if (before) state.active = state.quietS < CLEAR_HOLD_S;
  else state.active = agreed || alone;
  const changed = state.active !== before;
  if (changed) Object.assign(state, { agreedS: 0, aloneS: 0, quietS: 0 });
  return {
    active: state.active,
    changed,
    score: scoreOf(evidence, verdict),
    words: explain(reading, verdict, state, agreed),
  };
}

function scoreOf(evidence: number, verdict: ModelVerdict): number {
  const physics = scoreOfRatio(evidence);
  if (!('score' in verdict)) return Math.min(ALONE_SCORE_CAP, physics);
  return verdict.score >= 0.5 ? 1 - (1 - physics) * (1 - verdict.score) : Math.min(ALONE_SCORE_CAP, physics);
}

function explain(
  { balance, cusum, jump, riseLs }: DistrictReading,
  verdict: ModelVerdict,
  { active }: DecisionState,
  agreed: boolean,
): Record<string, string> {
  const said = (name: string, ratio: number) => `${name} ${ratio.toFixed(2)} × limit${ratio >= 1 ? ', passed' : ''}`;
  const model =
    'score' in verdict
      ? `score ${verdict.score.toFixed(2)} ${verdict.score >= 0.5 ? '≥' : '<'} 0.5 (version ${verdict.version})`
      : `bypassed (${verdict.bypassed})`;
  const raised = agreed
    ? `physics and model agree for ${AGREED_HOLD_S} s`
    : `physics alone: ${ALONE_MARGIN} × limit held ${ALONE_HOLD_S} s`;
  const over = `balance closed for ${CLEAR_HOLD_S} s (rise ${riseLs.toFixed(1)} L/s)`;
  return {
    balance: said('balance', balance),
    rise: said('rise', cusum),
    jump: said('jump', jump),
    model,
    rule: active ? raised : over,
  };
}

/**
 * A model's output as a score: 0.5 at its limit, 0.9 at three times it.
 * @param output reconstruction error
 */
export const scoreOfOutput = (output: number, limit: number): number => scoreOfRatio(output / limit);
