import type { Event, NewEvent } from '../core/event.ts';
import type { Text } from '../core/text.ts';
import type { OutOfModel, RecalibrationProposal } from '../core/watch.ts';

const dayMs = 86_400_000;
/** Share of a day out of model above which it counts: what a calibration that covers the plant stays below. */
const bound = 0.02;
/** So many days in a row above it, and a new calibration is proposed. */
const days = 3;
/** A day with fewer judged minutes says nothing. */
const leastMinutes = 360;

interface Watched {
  /** Minutes and those out of model since the start, as the day began. */
  readonly minutes: number;
  readonly outside: number;
  /** Days above the bound in a row. */
  readonly above: number;
}

/**
 * When to calibrate anew: an asset that is out of model for more than 2 % of the day, three days in a row. It is proposed,
 * once, and never done silently; a day within the bound ends the proposal, and so does a person who has done it or will not.
 */
export class Recalibration {
  private readonly gateway: string;
  private readonly watched = new Map<string, Watched>();
  private readonly proposed = new Map<string, RecalibrationProposal>();
  private dayEndsMs = Number.NaN;

  constructor(gateway: string) {
    this.gateway = gateway;
  }

  proposals(): readonly RecalibrationProposal[] {
    return [...this.proposed.values()];
  }

  /** Replays a journaled proposal after a restart: it is not made twice. */
  restore({ type, data }: Event): void {
    const assets = data['proposals'] as readonly RecalibrationProposal[] | undefined;
    for (const proposal of assets ?? []) {
      if (type === 'detection.recalibration-proposed') this.proposed.set(proposal.asset, proposal);
      if (type === 'detection.recalibration-settled') this.proposed.delete(proposal.asset);
    }
  }

  /**
   * A person has seen to it, or wants to hear no more of it: the days are counted anew.
   * @returns what is to be journaled; undefined where nothing is proposed of the asset
   */
  settle(asset: string, by: string, nowMs: number): NewEvent | undefined {
    const standing = this.proposed.get(asset);
    if (!standing) return undefined;
    this.proposed.delete(asset);
    const own = this.watched.get(asset);
    if (own) this.watched.set(asset, { ...own, above: 0 });
    return this.told('detection.recalibration-settled', [standing], nowMs, setAsideText(by), { by })[0];
  }

  /**
   * To be called every minute or so.
   * @param status of all assets since the start, or since another calibration came into force
   * @returns what is to be journaled
   */
  look(status: Readonly<Record<string, OutOfModel>>, nowMs: number): NewEvent[] {
    if (Number.isNaN(this.dayEndsMs)) this.dayEndsMs = nowMs + dayMs;
    for (const [asset, { minutes }] of Object.entries(status)) {
      const known = this.watched.get(asset);
      // another configuration counts anew; how many days it has been above stays
      if (!known || minutes < known.minutes)
        this.watched.set(asset, { minutes: 0, outside: 0, above: known?.above ?? 0 });
    }
    if (nowMs < this.dayEndsMs) return [];
    this.dayEndsMs = nowMs + dayMs;
    return this.closeDay(status, nowMs);
  }

  private closeDay(status: Readonly<Record<string, OutOfModel>>, nowMs: number): NewEvent[] {
    const begun: RecalibrationProposal[] = [];
    const ended: RecalibrationProposal[] = [];
    for (const [asset, own] of this.watched) {
      const now = status[asset];
      const minutes = now ? now.minutes - own.minutes : 0;
      if (!now || minutes < leastMinutes) continue;
      const share = (now.outside - own.outside) / minutes;
      const above = share > bound ? own.above + 1 : 0;
      this.watched.set(asset, { minutes: now.minutes, outside: now.outside, above });
      const standing = this.proposed.get(asset);
      if (standing && above === 0) {
        this.proposed.delete(asset);
        ended.push({ ...standing, share });
      } else if (!standing && above >= days) {
        const proposal = { asset, since: nowMs, share, roles: Object.keys(now.beyond) };
        this.proposed.set(asset, proposal);
        begun.push(proposal);
      }
    }
    return [
      ...this.told('detection.recalibration-proposed', begun, nowMs, proposedText),
      ...this.told('detection.recalibration-settled', ended, nowMs, settledText),
    ];
  }

  private told(
    type: 'detection.recalibration-proposed' | 'detection.recalibration-settled',
    proposals: readonly RecalibrationProposal[],
    time: number,
    text: (assets: string) => Text,
    more: Readonly<Record<string, string>> = {},
  ): NewEvent[] {
    if (proposals.length === 0) return [];
    const message = text(proposals.map(({ asset, share }) => `${asset} ${(100 * share).toFixed(0)} %`).join(', '));
    return [{ type, time, subject: this.gateway, utility: 'gateway', data: { proposals, message, ...more } }];
  }
}

const proposedText = (assets: string): Text => ({
  zh: `连续 ${days} 天超出模型范围的时间多于 ${100 * bound} %（${assets}）；请用较新的历史数据运行 lifeline calibrate -c gateway.yaml，核对后重新加载`,
  en: `out of model for more than ${100 * bound} % of the day, ${days} days in a row (${assets}); run lifeline calibrate -c gateway.yaml on newer history, look at what it says, and reload`,
});

const settledText = (assets: string): Text => ({
  zh: `一天内都在模型范围内（${assets}）`,
  en: `a day within what was learnt (${assets})`,
});

const setAsideText =
  (by: string) =>
  (assets: string): Text => ({
    zh: `${by} 已处理重新标定的建议（${assets}）`,
    en: `${by} has seen to the proposed calibration (${assets})`,
  });
