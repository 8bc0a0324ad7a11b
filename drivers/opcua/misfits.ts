import type { DevicePoint } from '../api.ts';
import type { Refusal } from './refusals.ts';

/** Gathers points whose nodes hold what their type cannot take: each once a session, those that come together in one go. */
export class MisfitReport {
  private readonly tell: (points: readonly Refusal[]) => void;
  private readonly told = new Set<number>();
  private news: Refusal[] = [];

  constructor(tell: (points: readonly Refusal[]) => void) {
    this.tell = tell;
  }

  take(point: DevicePoint, why: string): void {
    if (this.told.has(point.tag)) return;
    this.told.add(point.tag);
    // values of one answer come in one go: the microtask runs right after the last of them
    if (this.news.length === 0) queueMicrotask(() => this.flush());
    this.news.push({ point, why });
  }

  private flush(): void {
    const points = this.news;
    this.news = [];
    this.tell(points);
  }
}
