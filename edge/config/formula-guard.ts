/**
 * Text that begins like a formula. Spreadsheets run it when they open a CSV file, whoever wrote it (OWASP "CSV Injection");
 * in East Asian locales the full-width signs count too.
 */
const formulaLike = /^'*[=+\-@＝＋－＠]/u;
const guarded = /^'+[=+\-@＝＋－＠]/u;

/** Text for a CSV cell: an apostrophe, the spreadsheets' own sign for text, before what begins like a formula. */
export const guard = (text: string): string => (formulaLike.test(text) ? `'${text}` : text);

/** Text for a cell that is text already (XLSX): one apostrophe more only where reading takes one off. */
export const guardQuoted = (text: string): string => (guarded.test(text) ? `'${text}` : text);

/** Takes one apostrophe off: the text as it was before `guard` or `guardQuoted`. */
export const unguard = (cell: string): string => (guarded.test(cell) ? cell.slice(1) : cell);
