import { replaceFile } from '../config/draft.ts';
import type { Clock } from '../core/clock.ts';
import { errorWithin } from '../core/errors.ts';
import type { NewEvent } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { both, type Text } from '../core/text.ts';
import { type LearningStage, type LearningStatus, learningStages, stageHistoryMs } from '../core/watch.ts';
import type { Calibration } from '../detection/calibration.ts';
import { learntFile } from '../detection/index.ts';

/** A try that came to nothing is made again after so long: history has grown by then. */
const againMs = 6 * 3_600_000;

/** What is to be learnt. */
interface LearningWish {
  readonly stage: LearningStage;
  /** The newest part of history that it is learnt from, ms. */
  readonly newestMs: number;
  /** What was learnt before, which a slow fault must not move. */
  readonly before: Calibration | undefined;
  readonly onShare: (share: number) => void;
  readonly signal: AbortSignal;
}

/** What came of it: all that is known now, ready to be written. */
interface Learnt {
  readonly text: string;
  readonly tags: number;
  readonly claims: number;
  /** Claims that stay as they were, for they have moved the way of a fault. */
  readonly refused: readonly string[];
}

/** Learns what normal looks like from the history in the data folder, in a thread of its own. Rejects with the coded reason when there is too little. */
export type Learn = (wish: LearningWish) => Promise<Learnt>;

interface SelfLearningParts {
  readonly gateway: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
  /** Left out where nothing is learnt by itself. */
  readonly learn: Learn | undefined;
  /** Whether the configuration in force leaves it to the gateway. */
  readonly wanted: () => boolean;
  /** In force now. */
  readonly calibration: () => Calibration | undefined;
  readonly historySince: () => Promise<number | undefined>;
  /** Detectors go on by the file that was written. */
  readonly adopt: () => void;
  readonly record: (event: NewEvent) => Promise<unknown>;
}

/**
 * A gateway without a calibration makes its own as its history grows: from hours, from days, from two weeks. Which stage it
 * has reached is in the file that it writes, so that a restart changes nothing. Alarms and maintenance are left out, and what
 * has moved the way of a fault stays as it was.
 */
export class SelfLearning {
  private readonly parts: SelfLearningParts;
  private readonly stopping = new AbortController();
  private sinceMs: number | undefined;
  private againAtMs = Number.NEGATIVE_INFINITY;
  private share: number | null = null;
  private problem: Text | null = null;
  private work: Promise<void> = Promise.resolve();

  constructor(parts: SelfLearningParts) {
    this.parts = parts;
  }

  status(): LearningStatus {
    const [next] = this.isOn() ? this.ahead() : [];
    const since = this.sinceMs ?? this.parts.clock.wallMs();
    return {
      stage: this.parts.wanted() ? this.stage() : null,
      next: next ? { stage: next, at: Math.max(since + stageHistoryMs[next], this.againAtMs) } : null,
      ...{ share: this.share, problem: this.problem },
    };
  }

  /** To be called every minute or so; what is due goes on by itself. */
  async look(): Promise<void> {
    const nowMs = this.parts.clock.wallMs();
    if (!this.isOn() || this.share !== null || nowMs < this.againAtMs) return;
    if (this.ahead().length === 0) return;
    this.sinceMs ??= await this.parts.historySince();
    const due = this.dueStage(nowMs);
    if (due && this.share === null && !this.stopping.signal.aborted) this.work = this.reach(due);
  }

  /** Resolves when nothing is being learnt any more. */
  idle(): Promise<void> {
    return this.work;
  }

  stop(): Promise<void> {
    this.stopping.abort();
    return this.work;
  }

  private isOn(): boolean {
    return this.parts.learn !== undefined && this.parts.wanted();
  }

  private stage(): LearningStage | null {
    const made = this.parts.calibration()?.made['stage'];
    return learningStages.find((stage) => stage === made) ?? null;
  }

  private ahead(): readonly LearningStage[] {
    const stage = this.stage();
    return learningStages.slice(stage === null ? 0 : learningStages.indexOf(stage) + 1);
  }

  /** The furthest that history is long enough for. */
  private dueStage(nowMs: number): LearningStage | undefined {
    const lengthMs = nowMs - (this.sinceMs ?? nowMs);
    return this.ahead().findLast((each) => lengthMs >= stageHistoryMs[each]);
  }

  private async reach(stage: LearningStage): Promise<void> {
    const { learn, log, dataDir, adopt, clock, record } = this.parts;
    const { signal } = this.stopping;
    this.share = 0;
    const onShare = (share: number) => {
      this.share = share;
    };
    try {
      const wish = { stage, newestMs: stageHistoryMs[stage], before: this.parts.calibration(), onShare, signal };
      const learnt = await learn?.(wish);
      if (!learnt || signal.aborted || !this.parts.wanted()) return;
      await replaceFile(learntFile(dataDir), learnt.text);
      adopt();
      this.problem = null;
      const { tags, claims, refused } = learnt;
      log.info({ stage, tags, claims, refused: refused.length }, 'learnt from its own history what is normal');
      await record(this.told(stage, learnt, clock.wallMs()));
    } catch (error) {
      if (signal.aborted) return;
      const problem = errorWithin(error);
      this.problem = problem;
      this.againAtMs = clock.wallMs() + againMs;
      log.warn({ subject: 'calibration', stage }, `learn what is normal: ${problem.en}`);
    } finally {
      this.share = null;
    }
  }

  private told(stage: LearningStage, { tags, claims, refused }: Learnt, time: number): NewEvent {
    const message = messageOf(stage, tags, claims, refused);
    const data = { stage, tags, claims, refused, message };
    return { type: 'detection.calibrated', time, subject: this.parts.gateway, utility: 'gateway', data };
  }
}

const learntFrom: Readonly<Record<LearningStage, Text>> = {
  'first-hours': both('the first hours, with caution', '最初几小时（从宽）'),
  'first-days': both('two days, with wide limits', '两天（限值从宽）'),
  full: both('two weeks', '两周'),
};

function messageOf(stage: LearningStage, tags: number, claims: number, refused: readonly string[]): Text {
  const { en, zh } = learntFrom[stage];
  const kept = refused.length === 0 ? both('', '') : keptText(refused);
  return both(
    `learnt what is normal from ${en}: ${tags} tags, ${claims} claims${kept.en}`,
    `已从${zh}的历史学习正常状态：${tags} 个测点、${claims} 个判断项${kept.zh}`,
  );
}

const keptText = (refused: readonly string[]): Text =>
  both(
    `; moved the way of a fault and not learnt anew: ${refused.join(', ')}`,
    `；向故障方向变化、未重新学习：${refused.join('、')}`,
  );
