import type { Exam } from '../../../simulator/exam/exam.ts';
import type { Graded } from '../../../simulator/exam/grading.ts';
import type { Text } from '../../core/text.ts';
import { both, heading, local, offsetMs, table } from './html-words.ts';
import { escapeMarkup } from './markup.ts';
import { outcomeNames, outcomeOf, outcomeSigns, outcomes, outcomeText } from './outcome.ts';
import { timelineSvg } from './timeline.ts';

/** Every happening with its drawing, to be chosen by what came of it. */
export function happenings(exam: Exam): string {
  const all = exam.grading.happenings;
  const choices = outcomes.flatMap((outcome) => {
    const count = all.filter((graded) => outcomeOf(graded) === outcome).length;
    if (count === 0) return [];
    const text = `<i>${outcomeSigns[outcome]}</i> ${both(outcomeNames[outcome])} ${count}`;
    return [
      `<button type="button" class="outcome ${outcome}" aria-pressed="true" data-outcome="${outcome}">${text}</button>`,
    ];
  });
  const signs: readonly (readonly [string, Text])[] = [
    ['truth', { zh: '真值', en: 'truth' }],
    ['signal', { zh: '变化最大的测点', en: 'the tags that moved most' }],
    ['finding', { zh: '检测结论', en: 'findings' }],
    ['alarm', { zh: '报警', en: 'alarms' }],
  ];
  const legend = signs.map(([sign, text]) => `<span class="sign ${sign}">${both(text)}</span>`);
  return [
    heading({ zh: '逐个事件', en: 'One by one' }),
    `<p class="choices">${choices.join('')}</p><p class="legend">${legend.join('')}</p>`,
    ...all.map((graded) => happening(exam, graded)),
  ].join('\n');
}

function happening({ sitting }: Exam, graded: Graded): string {
  const { truth, alarms } = graded;
  const { id, kind, startMs, target } = truth.happening;
  const assets = new Set([truth.asset, ...truth.affected]);
  const timeline = timelineSvg({
    ...{ graded, offsetMs, signals: sitting.signals.of(id) },
    findings: sitting.findings.filter(({ asset }) => assets.has(asset)),
  });
  const outcome = outcomeOf(graded);
  const told = alarms.map(({ message, raisedMs }) => `<li>${local(raisedMs).slice(11)} ${both(message)}</li>`);
  return [
    `<details class="happening" id="${escapeMarkup(id)}" data-outcome="${outcome}"><summary>`,
    `<time>${local(startMs)}</time> <b>${both(truth.text)}</b>`,
    `<span class="outcome ${outcome}"><i>${outcomeSigns[outcome]}</i> ${both(outcomeText(graded))}</span></summary>`,
    `<p><code>${escapeMarkup(kind)} ${escapeMarkup(target)}</code></p>${timeline}`,
    told.length > 0 ? `<ul>${told.join('')}</ul></details>` : '</details>',
  ].join('');
}

export function falseAlarms({ grading }: Exam): string {
  if (grading.falseAlarms.length === 0) return '';
  const rows = grading.falseAlarms.map(({ asset, kind, raisedMs, message, happening: decoy }) => [
    ...[local(raisedMs), escapeMarkup(asset), escapeMarkup(kind), both(message), escapeMarkup(decoy ?? '')],
  ]);
  const columns: Text[] = [
    { zh: '时间', en: 'Time' },
    { zh: '资产', en: 'Asset' },
    { zh: '类别', en: 'Kind' },
    { zh: '内容', en: 'Message' },
    { zh: '正常作业', en: 'Normal work' },
  ];
  return `${heading({ zh: '误报', en: 'False alarms' })}${table(columns, rows)}`;
}
