/** Grey by default; colour for what is abnormal, never colour alone. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: light-dark(#222, #ddd); --soft: light-dark(#666, #999); --line: light-dark(#ddd, #444);
  --truth: light-dark(#cfd8e3, #36424f); --finding: light-dark(#8a6d00, #d9b94a); --alarm: light-dark(#b3261e, #f2726a); }
body { font: 14px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; color: var(--ink); max-width: 1240px; margin: 0 auto; padding: 16px; }
header { display: flex; justify-content: space-between; align-items: center; }
h1 { font-size: 20px; } h2 { font-size: 16px; margin-top: 28px; }
html[lang="zh"] span[lang="en"], html[lang="en"] span[lang="zh"] { display: none; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: 4px 8px; text-align: right; vertical-align: top; }
td { white-space: nowrap; }
th { color: var(--soft); font-weight: normal; } th:first-child, td:first-child { text-align: left; }
tr.unmet { color: var(--alarm); font-weight: bold; }
code { color: var(--soft); font-size: 12px; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); padding: 8px 0; } summary { cursor: pointer; }
svg { width: 100%; height: auto; font-size: 11px; }
svg text { fill: var(--soft); } svg .label { text-anchor: end; dominant-baseline: middle; }
svg .label.signal, svg .label.truth { fill: var(--ink); } svg .time { text-anchor: middle; }
svg rect.truth { fill: var(--truth); } svg .mark { stroke: var(--line); stroke-dasharray: 2 4; }
svg polyline { fill: none; stroke: var(--ink); stroke-width: 1.2; }
svg .finding { fill: var(--finding); } svg .alarm { fill: var(--alarm); }
`;

/** Begins in the reader's language; the button changes it. */
export const pageScript = `
const root = document.documentElement;
root.lang = navigator.language.startsWith('zh') ? 'zh' : 'en';
document.querySelector('button').onclick = () => { root.lang = root.lang === 'zh' ? 'en' : 'zh'; };
`;
