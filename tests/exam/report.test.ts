import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examHtml } from '../../edge/cli/exam/html.ts';
import { junitXml } from '../../edge/cli/exam/junit.ts';
import { overviewSvg } from '../../edge/cli/exam/overview.ts';
import { examJson } from '../../edge/cli/exam/report.ts';
import { timeMarks } from '../../edge/cli/exam/time-marks.ts';
import type { Exam } from '../../simulator/exam/exam.ts';
import { judge, parseRequirements } from '../../simulator/exam/requirement.ts';
import { score } from '../../simulator/exam/score.ts';
import { suites } from '../../simulator/exam/suites.ts';
import { startMs } from './desk.ts';

const graded = (id: string, kind: string, decoy: boolean, observable: boolean, detectedAfterS: number | undefined) => ({
  truth: {
    happening: { id, kind, target: 'dma-1', magnitude: 1, startMs, durationS: 600 },
    ...{
      decoy,
      asset: 'dma-1',
      affected: ['dma-1'],
      level: undefined,
      text: { zh: '管网<爆管>', en: 'main "bursts"' },
    },
  },
  ...{ utility: 'water', endMs: startMs + 600_000, observable, detectedAfterS, harmedMs: undefined },
  alarms: detectedAfterS === undefined && !decoy ? [] : [alarm(id)],
});
const alarm = (happening: string) => ({
  ...{ asset: 'dma-1', kind: 'burst', utility: 'water', raisedMs: startMs + 5000, clearedMs: undefined },
  ...{ riskLevel: 'II' as const, safety: false, message: { zh: '疑似爆管', en: 'burst & flood' }, happening },
  ...{ incident: `dma-1/burst@${happening}`, root: 'dma-1/burst', place: [] },
});

const grading = {
  happenings: [
    graded('a', 'water.burst', false, true, 5),
    graded('b', 'water.theft', false, true, undefined),
    graded('c', 'water.seepage', false, false, undefined),
    graded('d', 'water.hydrant-flush', true, true, undefined),
  ],
  falseAlarms: [alarm('d')],
  endMs: startMs + 7_200_000,
};
const [suite] = suites;
if (!suite) throw new Error('there is no suite');
const finding = { asset: 'dma-1', kind: 'burst', from: 'district-burst', active: true, score: 1, evidence: [] };
const exam: Exam = {
  ...{ suite, seed: 1, startMs, hours: 2, hash: 'cafe', grading, score: score(grading, [], 2, {}) },
  sitting: {
    ...{ truths: [], events: [], outOfModel: {}, hours: 2, findings: [{ ...finding, time: startMs + 4000 }] },
    signals: {
      ofRole: () => [],
      of: () => [
        { tag: 'plc/flow', unit: 'L/s', times: [startMs - 10_000, startMs, startMs + 10_000], values: [1, 2, 3] },
      ],
    },
  },
};
const verdicts = judge(parseRequirements('recall>=0.9,falseAlarms<=1'), exam.score);

describe('the reports of an exam', () => {
  it('give JUnit a case per kind and per requirement: what could be seen must be found, decoys must raise nothing', () => {
    const xml = junitXml(exam, verdicts, 12.3);
    const failed = [...xml.matchAll(/name="([^"]+)"><failure message="([^"]+)"/g)].map(([, name, why]) => [name, why]);
    expect(xml.match(/<testcase /g)).toHaveLength(6);
    expect(failed).toEqual([
      ['water.hydrant-flush', '1 alarms by 1 decoys'],
      ['water.theft', 'detected 0 of 1, 1 observable'],
      ['recall&gt;=0.9', 'measured 0.5'],
    ]);
    expect(xml).toContain('<testsuites tests="6" failures="3"');
  });

  it('are a page that needs nothing beside itself, with every text in both languages and none of it as markup', () => {
    const page = examHtml(exam, verdicts);
    expect(page).not.toMatch(/\b(src|href)=(?!"#)/);
    expect(page).not.toMatch(/url\(|@import|https?:/);
    expect(page).toContain('管网&lt;爆管&gt;');
    expect(page).toContain('main &quot;bursts&quot;');
    expect(page.match(/<span lang="zh">/g)?.length).toBe(page.match(/<span lang="en">/g)?.length);
  });

  it('draw each happening with its truth, its signals, its findings and its alarms', () => {
    const [, ...drawings] = examHtml(exam, verdicts).match(/<svg.*?<\/svg>/g) ?? [];
    expect(drawings).toHaveLength(4);
    expect(drawings[0]).toMatch(/class="truth".*plc\/flow.*<polyline.*class="finding".*class="alarm"/);
    expect(drawings[1]).not.toContain('<rect class="alarm"');
  });

  it('draw the whole exam: what came of each happening, where its first alarm was, and the way to it', () => {
    const page = examHtml(exam, verdicts);
    const overview = page.match(/<svg class="overview".*?<\/svg>/)?.[0] ?? '';
    const bars = [...overview.matchAll(/<a class="(\w+)" href="#(\w+)">(.*?)<\/a>/g)];
    expect(bars.map(([, outcome, id]) => `${id} ${outcome}`)).toEqual(['a found', 'b missed', 'c hidden', 'd annoyed']);
    expect(bars.map(([, , , drawn]) => drawn?.includes('class="first"'))).toEqual([true, false, false, true]);
    for (const [, , id] of bars) expect(page).toContain(`id="${id}" data-outcome=`);
  });

  it('give every bar of the whole exam a place of its own', () => {
    const any = fc.array(fc.record({ atMin: fc.nat(119), lastsMin: fc.integer({ min: 1, max: 60 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(any, (times) => {
        const happenings = times.map(({ atMin, lastsMin }, at) => {
          const { truth, ...rest } = graded(`e${at}`, 'water.burst', false, true, undefined);
          const happening = { ...truth.happening, startMs: startMs + 60_000 * atMin };
          return { ...rest, truth: { ...truth, happening }, endMs: happening.startMs + 60_000 * lastsMin };
        });
        const drawing = overviewSvg({ ...exam, grading: { ...grading, happenings, falseAlarms: [] } });
        const rects = [...drawing.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/g)].map((match) =>
          match.slice(1).map(Number),
        );
        expect(rects).toHaveLength(times.length);
        for (const [at, [x = 0, y, width = 0]] of rects.entries()) {
          for (const [otherX = 0, otherY, otherWidth = 0] of rects.slice(at + 1)) {
            if (y === otherY) expect(x + width <= otherX || otherX + otherWidth <= x).toBe(true);
          }
        }
      }),
    );
  });

  it.each([
    [2, ['08:15', '08:30', '08:45', '09:00']],
    [24, ['12:00', '16:00', '20:00', '00:00']],
    [720, ['01-17', '01-22', '01-27', '02-01']],
  ])('mark round times of the city on an axis of %d h', (hours, first) => {
    const from = Date.parse('2026-01-12T08:07:00+08:00');
    const marks = timeMarks(from, from + hours * 3_600_000, 8 * 3_600_000);
    expect(marks.slice(0, 4).map(([, text]) => text)).toEqual(first);
    expect(marks.length).toBeLessThanOrEqual(9);
  });

  it('are JSON with the figures over all, by utility and by kind', () => {
    expect(examJson(exam, verdicts, { wallS: 20, calibrationS: 5, maxMemoryMb: 512.4 })).toMatchObject({
      ...{
        suite: 'smoke',
        seed: 1,
        hash: 'cafe',
        simulatedHours: 2,
        wallS: 20,
        calibrationS: 5,
        realTimeFactor: 360,
        maxMemoryMb: 512,
      },
      overall: { happenings: 3, observable: 2, detected: 1, recall: 0.5, recallOfAll: 0.333333, precision: 0.5 },
      utilities: { water: { timeToDetectS: { median: 5, p95: 5 }, rightCause: 1 } },
      requirements: [
        { requirement: 'recall>=0.9', value: 0.5, met: false },
        { requirement: 'falseAlarms<=1', value: 1, met: true },
      ],
    });
  });
});
