import { describe, expect, it } from 'vitest';
import type { Finding } from '../../edge/core/finding.ts';
import type { Attachment, DetectorContext } from '../../edge/detection/detector.ts';
import { newNightChart, stepNight } from '../../edge/detection/night-flow/chart.ts';
import { nightFlowFactory } from '../../edge/detection/night-flow/detector.ts';
import { isSpringFestival } from '../../edge/detection/night-flow/spring-festival.ts';

const dayMs = 86_400_000;
const districts = ['dma-1', 'dma-2', 'dma-3', 'dma-4'];
/** Of every district here: 50 m³/h in a night, give or take two. */
const nightFlow = { working: 50, free: 50, share: 0.04 };

/** Four districts whose net inflow is a function of the night and the hour, minute by minute. */
function town(unit = 'm3/h') {
  const findings: Finding[] = [];
  const notices: string[] = [];
  const values: number[] = [];
  const distrusted = new Set<number>();
  const units = ['m3/h', unit];
  const context = {
    assets: [],
    tags: { at: (tag: number) => ({ name: `tag-${tag}`, unit: units[tag % 2] }) },
    live: { values },
    trust: { usable: (tag: number) => !distrusted.has(tag) },
    calibration: { utcOffsetMinutes: 480, assets: Object.fromEntries(districts.map((id) => [id, { nightFlow }])) },
    tolerance: () => 1,
    emit: (finding: Finding) => findings.push(finding),
    notice: (error: Error) => notices.push(error.message),
  } as unknown as DetectorContext;
  const attachments = districts.map(
    (id, index): Attachment =>
      ({
        asset: { id, type: 'water.district', roles: { inflow: 2 * index, outflow: 2 * index + 1 } },
        kind: 'background-leakage',
        options: nightFlowFactory.options.parse({ inflow: 'inflow', outflow: 'outflow' }),
      }) as unknown as Attachment,
  );
  const detector = nightFlowFactory.create(context, attachments);
  /** Lives from midnight on, UTC+8; `flowOf(district, night, hour)` is what flows in and stays, m³/h. */
  const live = (from: string, nights: number, flowOf: (district: string, night: number, hour: number) => number) => {
    const startMs = Date.parse(`${from}T00:00:00+08:00`);
    for (let minute = 0; minute < nights * 1440; minute++) {
      for (const [index, id] of districts.entries()) {
        values[2 * index] = 30 + flowOf(id, Math.floor(minute / 1440), (minute % 1440) / 60);
        values[2 * index + 1] = 30;
      }
      detector.tick?.(startMs + minute * 60_000, minute * 60_000);
    }
  };
  return { detector, findings, notices, distrusted, live };
}

const usual = (hour: number) => (hour < 6 ? 50 : 150);

describe('the minimum night flow', () => {
  it('tells of a leak that grows within two nights of 1 L/s, and of its repair two nights later', () => {
    const { live, findings } = town();
    // 1 L/s more a day from the second day on, repaired after the sixth
    const leak = (night: number) => (night >= 7 ? 0 : 3.6 * Math.max(0, night - 1));
    live('2026-06-01', 10, (id, night, hour) => usual(hour) + (id === 'dma-2' ? leak(night + hour / 24) : 0));
    const hours = findings.map(({ time }) => (time - Date.parse('2026-06-01T00:00:00+08:00')) / 3_600_000);
    expect(findings).toMatchObject([
      { asset: 'dma-2', kind: 'background-leakage', active: true, evidence: [{ expected: 50, unit: 'm3/h' }] },
      { asset: 'dma-2', active: false },
    ]);
    expect(findings[0]?.evidence[0]?.observed).toBeCloseTo(50 + 3.6 * 2.09, 0);
    // 1 L/s is there at the end of the second day
    expect(hours).toEqual([3 * 24 + 5, 8 * 24 + 5]);
  });

  it('takes no night alone for a leak, however much flows in it', () => {
    const { live, findings } = town();
    live('2026-06-01', 6, (id, night, hour) => usual(hour) + (id === 'dma-1' && night === 2 ? 200 : 0));
    expect(findings).toEqual([]);
  });

  it('does not see two and a half hours of flushing, even in every night', () => {
    const { live, findings } = town();
    live('2026-06-01', 6, (id, _, hour) => usual(hour) + (id === 'dma-1' && hour >= 1 && hour < 3.5 ? 40 : 0));
    expect(findings).toEqual([]);
  });

  it('puts down to the weather what all districts have more of, but no more than the weather can do', () => {
    const mild = town();
    mild.live('2026-06-01', 8, (_, __, hour) => 1.1 * usual(hour));
    expect(mild.findings).toEqual([]);
    const all = town();
    all.live('2026-06-01', 8, (_, __, hour) => 1.3 * usual(hour));
    expect(new Set(all.findings.map(({ asset }) => asset))).toEqual(new Set(districts));
  });

  it('learns nothing from the nights of the Spring Festival', () => {
    const { live, findings } = town();
    live('2026-02-17', 8, (id, _, hour) => usual(hour) * (id === 'dma-3' ? 0.7 : 1.25));
    expect(findings).toEqual([]);
  });

  it('says nothing of a night in which a meter could not be trusted for more than an hour', () => {
    const { live, findings, distrusted } = town();
    live('2026-06-01', 6, (_, __, hour) => {
      if (hour >= 1.5 && hour < 3) distrusted.add(0);
      else distrusted.delete(0);
      return usual(hour) + 20;
    });
    expect(new Set(findings.map(({ asset }) => asset))).toEqual(new Set(districts.slice(1)));
  });

  it('goes on after a restart in the middle of a night', () => {
    const before = town();
    const leaking = (id: string, hour: number) => usual(hour) + (id === 'dma-4' ? 15 : 0);
    before.live('2026-06-01', 1, (id, _, hour) => leaking(id, hour));
    const [after, fresh] = [town(), town()];
    after.detector.restore(JSON.parse(JSON.stringify(before.detector.snapshot())));
    for (const { live } of [after, fresh]) live('2026-06-02', 1, (id, _, hour) => leaking(id, hour));
    expect(after.findings).toMatchObject([{ asset: 'dma-4', active: true }]);
    expect(fresh.findings).toEqual([]);
    expect(after.detector.restore(JSON.parse(JSON.stringify(after.detector.snapshot())))).toEqual([
      'dma-4/background-leakage',
    ]);
  });

  it('says which districts it cannot watch because their meters speak different units', () => {
    const { live, findings, notices } = town('L/s');
    live('2026-06-01', 4, (_, __, hour) => 2 * usual(hour));
    expect(findings).toEqual([]);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('watch 4 night flows (dma-1/background-leakage, dma-2');
    expect(notices[0]).toContain('no common unit');
  });
});

describe('the chart of nights', () => {
  it('adds up what is beyond the allowance of one deviation, up to three a night', () => {
    const chart = newNightChart();
    expect([2, 1, 0.5, 9].map((deviation) => 3.5 * stepNight(chart, deviation, 1))).toEqual([1, 1, 0.5, 3.5]);
    expect(chart.active).toBe(true);
  });
});

describe('the Spring Festival', () => {
  it('is the eve of the lunar year and its first eight days', () => {
    const holds = (date: string) => isSpringFestival(Date.parse(`${date}T00:00:00Z`) / dayMs);
    expect(['2026-02-15', '2026-02-16', '2026-02-17', '2026-02-24', '2026-02-25'].map(holds)).toEqual([
      ...[false, true, true, true, false],
    ]);
    expect(['2027-02-06', '2027-02-12', '2025-07-25'].map(holds)).toEqual([true, true, false]);
  });
});
