import { isSwitch, type PlcPoint } from '../city/plc-points.ts';
import type { Controller } from './controller.ts';

/** Time-outs that may be set, and the one that is set at first, s (design choice). */
export const timeoutsS = { least: 5, most: 3600, usual: 60 } as const;

/**
 * What a PLC does without its gateway. It watches from the first time that the gateway's count changes. When it then stands
 * still for longer than the time-out, the PLC goes back to the settings that it had before and obeys nobody, until the
 * count moves again. Switches stay as they are: to open a breaker is no safe answer to a broken cable.
 */
export class Watchdog {
  timeoutS: number = timeoutsS.usual;
  /** The gateway's count as it was written last. */
  beat = 0;
  private readonly controller: Controller;
  private readonly settings: readonly PlcPoint[];
  /** Puts back the settings of before the gateway came; undefined while it watches nobody. */
  private restore: (() => void) | undefined;
  private silentS = 0;

  constructor(controller: Controller, points: readonly PlcPoint[]) {
    this.controller = controller;
    this.settings = points.filter((point) => point.write && !isSwitch(point));
  }

  /** Whether its PLC has settings to go back to. */
  get isNeeded(): boolean {
    return this.settings.length > 0;
  }

  /** Time that is left to the gateway, s; the whole of it while it watches nobody. */
  get leftS(): number {
    return Math.max(0, this.timeoutS - this.silentS);
  }

  /** Takes the gateway's count. */
  feed(beat: number): void {
    if (beat === this.beat) return;
    this.beat = beat;
    this.silentS = 0;
    this.restore ??= settingsOf(this.settings);
    this.controller.abandoned = false;
  }

  step(dtS: number): void {
    if (!this.restore || this.controller.abandoned) return;
    this.silentS += dtS;
    if (this.silentS < this.timeoutS) return;
    this.restore();
    this.controller.abandoned = true;
  }

  /** Watches nobody, as after a restart. */
  forget(): void {
    this.restore = undefined;
    this.silentS = 0;
  }
}

function settingsOf(points: readonly PlcPoint[]): () => void {
  const kept = points.map((point) => [point, point.read()] as const);
  return () => {
    for (const [point, value] of kept) point.write?.(value);
  };
}
