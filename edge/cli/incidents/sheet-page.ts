import type { IncidentSheet } from '../../console/web/src/incident-sheet.ts';
import { texts } from '../../console/web/src/texts.ts';
import { pageScript, pageStyle } from '../exam/html-page.ts';
import { escapeMarkup } from '../exam/markup.ts';
import type { Language } from '../language.ts';

const style = `${pageStyle}
body { max-width: 900px; } h1 { font-size: 19px; } th, td { text-align: left; white-space: normal; vertical-align: top; }
.facts th { width: 9em; } .signature { display: flex; gap: 40px; margin-top: 40px; } .signature span { flex: 1; border-top: 1px solid var(--ink); padding-top: 4px; }
@media print { :root { color-scheme: light; } .language { display: none; } tr { break-inside: avoid; } h2 { break-after: avoid; } }`;

/** The sheet of an incident as one page that needs nothing beside itself, in Chinese and English, made to be printed and signed. */
export function sheetPage(sheets: Readonly<Record<Language, IncidentSheet>>): string {
  const title = `Lifeline · ${sheets.zh.title} · ${sheets.en.title}`;
  return [
    `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title>`,
    `<style>${style}</style></head><body>`,
    '<button type="button" class="language">中文 / English</button>',
    article('zh', sheets.zh),
    article('en', sheets.en),
    `<script>${pageScript}</script></body></html>`,
  ].join('\n');
}

const cells = (tag: 'td' | 'th', texts: readonly string[]): string =>
  texts.map((text) => `<${tag}>${escapeMarkup(text)}</${tag}>`).join('');

function article(language: Language, { title, under, facts, tables }: IncidentSheet): string {
  const head = (names: readonly string[]) => (names.length > 0 ? `<thead><tr>${cells('th', names)}</tr></thead>` : '');
  return [
    `<article lang="${language}"><h1>${escapeMarkup(title)}</h1><p><code>${escapeMarkup(under)}</code></p>`,
    '<table class="facts"><tbody>',
    ...facts.map(([name, value]) => `<tr><th scope="row">${escapeMarkup(name)}</th>${cells('td', [value])}</tr>`),
    '</tbody></table>',
    ...tables.map(
      ({ title: of, head: names, rows }) =>
        `<h2>${escapeMarkup(of)}</h2><table>${head(names)}<tbody>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</tbody></table>`,
    ),
    `<div class="signature"><span>${texts.signedBy[language]}</span><span>${texts.signedAt[language]}</span></div></article>`,
  ].join('\n');
}
