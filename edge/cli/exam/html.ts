import type { Exam } from '../../../simulator/exam/exam.ts';
import type { Verdict } from '../../../simulator/exam/requirement.ts';
import { falseAlarms, happenings } from './html-happenings.ts';
import { pageScript, pageStyle } from './html-page.ts';
import { requirements, scoreTables, tiles } from './html-scores.ts';
import { both, heading, local } from './html-words.ts';
import { escapeMarkup } from './markup.ts';
import { overviewLegend, overviewSvg } from './overview.ts';

/** The report as one page that needs nothing beside itself, in Chinese and English; of the same exam the same page. */
export function examHtml(exam: Exam, verdicts: readonly Verdict[]): string {
  const { suite, seed, hours, hash, startMs } = exam;
  const title = `Lifeline · ${suite.title.zh} ${suite.title.en} · ${seed}`;
  return [
    `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title>`,
    `<meta name="viewport" content="width=device-width,initial-scale=1"><style>${pageStyle}</style></head><body>`,
    `<header><div><h1>${both({ zh: `考试：${suite.title.zh}`, en: `Exam: ${suite.title.en}` })}</h1>`,
    `<p>${both({
      zh: `种子 ${seed}，城市时间 ${local(startMs)} 起 ${hours.toFixed(1)} h`,
      en: `Seed ${seed}, ${hours.toFixed(1)} h from ${local(startMs)} city time`,
    })} · <code>${hash}</code></p></div>`,
    '<button type="button" class="language">中文 / English</button></header>',
    tiles(exam),
    requirements(verdicts),
    heading({ zh: '全程', en: 'The whole of it' }),
    `<div class="wide">${overviewSvg(exam)}</div>${overviewLegend(exam)}`,
    scoreTables(exam),
    happenings(exam),
    falseAlarms(exam),
    `<script>${pageScript}</script></body></html>`,
  ].join('\n');
}
