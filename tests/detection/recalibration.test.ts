import { describe, expect, it } from 'vitest';
import type { Event } from '../../edge/core/event.ts';
import { Recalibration } from '../../edge/detection/recalibration.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 9, 1);

/** Assets that are out of model for a share of each day's minutes; `journal` is what was told. */
class Site {
  readonly journal: Event[] = [];
  private readonly counts = new Map<string, { minutes: number; outside: number }>();
  private minute = 0;
  watch = new Recalibration('gw');

  live(days: number, shares: Readonly<Record<string, number>>, judged = 1): void {
    for (let minute = 0; minute < days * 1440; minute++) {
      for (const [asset, share] of Object.entries(shares)) {
        const own = this.counts.get(asset) ?? { minutes: 0, outside: 0 };
        if (minute % 1440 < judged * 1440) own.minutes++;
        if (minute % 1440 < share * judged * 1440) own.outside++;
        this.counts.set(asset, own);
      }
      const beyond = { outdoor: { low: -5, high: 20, lowest: -19, highest: 20 } };
      const status = Object.fromEntries(
        [...this.counts].map(([asset, own]) => [asset, { ...own, now: false, beyond, unseenModes: [] }]),
      );
      const told = this.watch.look(status, startMs + this.minute++ * minuteMs);
      for (const event of told)
        this.journal.push({ ...event, stream: 'events', epoch: 'e', sequence: this.journal.length + 1 });
    }
  }

  /** Another configuration, or another start, counts anew. */
  restart(): void {
    this.counts.clear();
    this.watch = new Recalibration('gw');
    for (const event of this.journal) this.watch.restore(JSON.parse(JSON.stringify(event)));
  }
}

describe('a calibration that has aged', () => {
  it('is proposed to be made anew once, after three days above 2 %, in both languages and with the way to do it', () => {
    const site = new Site();
    site.live(3, { 'sub-1': 0.1, 'sub-2': 0.01, 'sub-3': 0.05 });
    expect(site.journal).toEqual([]);
    site.live(10, { 'sub-1': 0.1, 'sub-2': 0.01, 'sub-3': 0.05 });
    expect(site.journal).toHaveLength(1);
    const [{ type, subject, data }] = site.journal as [Event];
    expect([type, subject]).toEqual(['detection.recalibration-proposed', 'gw']);
    const { zh, en } = data['message'] as { zh: string; en: string };
    expect(en).toContain('(sub-1 10 %, sub-3 5 %); run lifeline calibrate -c gateway.yaml');
    expect(zh).toContain('连续 3 天');
    expect(zh).toContain('lifeline calibrate -c gateway.yaml');
    expect(site.watch.proposals()).toMatchObject([
      { asset: 'sub-1', roles: ['outdoor'] },
      { asset: 'sub-3', roles: ['outdoor'] },
    ]);
  });

  it('is proposed no more once a person has seen to it, until three further days, over a restart too', () => {
    const site = new Site();
    const own = { 'sub-1': 0.1 };
    site.live(4, own);
    expect(site.watch.settle('sub-2', '李工', startMs)).toBeUndefined();
    const event = site.watch.settle('sub-1', '李工', startMs + 4 * 1440 * minuteMs);
    expect(event).toMatchObject({ type: 'detection.recalibration-settled', data: { by: '李工' } });
    expect((event!.data['message'] as { en: string }).en).toBe(
      '李工 has seen to the proposed calibration (sub-1 10 %)',
    );
    site.journal.push({ ...event!, stream: 'events', epoch: 'e', sequence: site.journal.length + 1 });
    site.restart();
    expect(site.watch.proposals()).toEqual([]);
    site.live(2, own);
    expect(site.watch.proposals()).toEqual([]);
    site.live(2, own);
    expect(site.watch.proposals()).toMatchObject([{ asset: 'sub-1' }]);
  });

  it('is not proposed again after a restart, and no longer after a day within what was learnt', () => {
    const site = new Site();
    site.live(4, { 'sub-1': 0.1 });
    site.restart();
    site.live(4, { 'sub-1': 0.1 });
    expect(site.journal).toHaveLength(1);
    site.live(2, { 'sub-1': 0.001 });
    expect(site.journal.map(({ type }) => type)).toEqual([
      'detection.recalibration-proposed',
      'detection.recalibration-settled',
    ]);
    expect(site.watch.proposals()).toEqual([]);
    site.live(4, { 'sub-1': 0.1 });
    expect(site.journal).toHaveLength(3);
  });

  it('is left alone by single days, and by days of which too little was judged', () => {
    const site = new Site();
    for (let week = 0; week < 3; week++) {
      site.live(2, { 'sub-1': 0.5 });
      site.live(1, { 'sub-1': 0 });
    }
    site.live(0.05, { 'sub-1': 1 });
    expect(site.journal).toEqual([]);
  });
});
