/** Grey by default; colour for what is abnormal, never colour alone. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: light-dark(#1c252c, #dde3e6); --soft: light-dark(#53606a, #9aa6ad); --line: light-dark(#d5dce0, #3c464d);
  --ground: light-dark(#f4f6f7, #14191d); --panel: light-dark(#fff, #1c2227); --bar: light-dark(#dde4e8, #38434b);
  --finding: light-dark(#8a6d00, #d9b94a); --alarm: light-dark(#b3261e, #f2726a); --alarm-soft: light-dark(#f8e0de, #4a2523); }
* { box-sizing: border-box; }
body { font: 14px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; font-variant-numeric: tabular-nums; color: var(--ink);
  background: var(--ground); max-width: 1260px; margin: 0 auto; padding: 20px 16px 40px; }
header { display: flex; justify-content: space-between; align-items: flex-start; gap: 16px; }
h1 { font-size: 21px; margin: 0; } h2 { font-size: 15px; margin: 26px 0 8px; } header p { margin: 2px 0 0; color: var(--soft); }
html[lang="zh"] [lang="en"], html[lang="en"] [lang="zh"] { display: none; }
code { color: var(--soft); font-size: 12px; overflow-wrap: anywhere; }
button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 5px; padding: 3px 10px; cursor: pointer; white-space: nowrap; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 1px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px; margin: 18px 0 0; }
.tiles div { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 9px 14px 11px; }
.tiles dt { color: var(--soft); } .tiles dd { margin: 0; } .tiles b { display: block; font-size: 25px; line-height: 1.25; font-weight: 600; }
.tiles small { color: var(--soft); font-size: 12px; }
.wide { overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; min-width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 4px 8px; text-align: right; vertical-align: bottom; white-space: nowrap; }
tr:last-child td { border-bottom: 0; } tr.overall td { font-weight: 600; }
th { color: var(--soft); font-weight: normal; font-size: 12px; white-space: normal; } th:first-child, td:first-child { text-align: left; padding-left: 14px; }
td code { overflow-wrap: normal; } .unmet { color: var(--alarm); }
summary { cursor: pointer; } .kinds { margin-top: 8px; } .kinds summary { color: var(--soft); padding: 2px 0 6px; }
.choices, .legend { display: flex; flex-wrap: wrap; gap: 6px 8px; margin: 0 0 8px; } .legend { gap: 4px 18px; color: var(--soft); font-size: 12px; } .legend .outcome { font-size: 12px; }
.legend.whole { margin: 6px 14px 0; } .legend i { font-style: normal; font-weight: 700; }
.outcome { font-size: 13px; white-space: nowrap; } .outcome i { display: inline-block; min-width: 1em; font-style: normal; font-weight: 700; text-align: center; }
.outcome.missed, .outcome.annoyed { color: var(--alarm); } .outcome.quiet, .outcome.hidden { color: var(--soft); }
button[aria-pressed="false"] { opacity: .5; text-decoration: line-through; }
.sign::before { content: ""; display: inline-block; width: 14px; height: 9px; margin-right: 6px; background: var(--bar); }
.sign.signal::before { height: 1.4px; background: var(--ink); vertical-align: 4px; }
.sign.finding::before { width: 9px; border-radius: 50%; background: var(--finding); } .sign.alarm::before { background: var(--alarm); }
.happening { background: var(--panel); border: 1px solid var(--line); border-bottom-width: 0; padding: 0 14px; }
.happening:last-of-type { border-bottom-width: 1px; } .happening[hidden] { display: none; }
.happening summary { display: flex; flex-wrap: wrap; gap: 2px 14px; padding: 7px 0; align-items: baseline; }
.happening summary b { flex: 1 1 260px; font-weight: 600; } .happening time { color: var(--soft); } .happening p { margin: 0 0 6px; }
.happening ul { margin: 0; padding: 4px 0 12px 20px; }
svg { display: block; width: 100%; height: auto; font-size: 11.5px; } svg text { fill: var(--soft); }
svg .label { text-anchor: end; dominant-baseline: middle; } svg .label.signal, svg .label.truth { fill: var(--ink); } svg .time { text-anchor: middle; }
svg .mark { stroke: var(--line); stroke-dasharray: 2 4; } svg .rule { stroke: var(--line); }
svg rect.truth { fill: var(--bar); } svg polyline { fill: none; stroke: var(--ink); stroke-width: 1.2; stroke-linejoin: round; }
svg .finding { fill: var(--finding); } svg .alarm { fill: var(--alarm); }
.overview { padding: 8px 14px 0; min-width: 720px; }
.overview .utility { fill: var(--ink); font-size: 12.5px; } .overview a text { font-weight: 700; fill: var(--ink); font-size: 10.5px; }
.overview rect { fill: var(--bar); stroke: light-dark(#aab6bd, #5d6a73); } .overview a:hover rect, .overview a:focus rect { stroke: var(--ink); }
.overview .missed rect, .overview .annoyed rect { fill: var(--alarm-soft); stroke: var(--alarm); } .overview .missed text, .overview .annoyed text { fill: var(--alarm); }
.overview .quiet rect, .overview .hidden rect { fill: none; stroke-dasharray: 3 2; } .overview .quiet text, .overview .hidden text { fill: var(--soft); }
.overview .first { stroke: var(--ink); stroke-width: 2.2; } .overview .annoyed .first { stroke: var(--alarm); } .overview .stray { fill: var(--alarm); }
@media print { .choices button[aria-pressed="false"] { display: none; } .happening { break-inside: avoid; } }
`;

/** Begins in the reader's language; its button changes it; others choose what is shown; a bar above leads to its happening. */
export const pageScript = `
const root = document.documentElement;
const all = [...document.querySelectorAll('.happening')];
root.lang = navigator.language.startsWith('zh') ? 'zh' : 'en';
document.querySelector('.language').onclick = () => { root.lang = root.lang === 'zh' ? 'en' : 'zh'; };
for (const choice of document.querySelectorAll('.choices button')) choice.onclick = () => {
  const shown = choice.ariaPressed !== 'true';
  choice.ariaPressed = String(shown);
  for (const one of all) if (one.dataset.outcome === choice.dataset.outcome) one.hidden = !shown;
};
const open = () => {
  const one = all.find(({ id }) => id === decodeURIComponent(location.hash.slice(1)));
  if (!one) return;
  one.hidden = false;
  one.open = true;
  one.scrollIntoView();
};
addEventListener('hashchange', open);
open();
`;
