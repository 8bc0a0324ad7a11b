import type { Priority, RiskLevel } from '../core/alarm.ts';
import type { LifelineError } from '../core/errors.ts';
import { priorityBy, respondWithinMin } from '../core/priority-matrix.ts';
import { meant } from '../core/suggest.ts';
import { both, type Text } from '../core/text.ts';
import type { Column, MasterAlarm, Read } from './alarm-column.ts';
import { type AlarmCorrection, corrected } from './alarm-correction.ts';
import { type JudgeLimits, limitColumns } from './alarm-limits.ts';
import type { AlarmSource, AlarmSources } from './alarm-subjects.ts';
import { masterErrors } from './errors.ts';
import { unguard } from './formula-guard.ts';
import { type Place, type Problem, problemAt } from './problem.ts';
import type { CellRow, TableCells } from './table-cells.ts';
import type { HeaderLanguage, OutputCells } from './table-output.ts';
import { tableTexts } from './table-texts.ts';
import { configFixes } from './texts.ts';

const priorities: readonly Priority[] = ['critical', 'high', 'medium', 'low'];
const priorityWords: Readonly<Record<string, Priority>> = { 紧急: 'critical', 高: 'high', 中: 'medium', 低: 'low' };
const riskLevels: readonly RiskLevel[] = ['I', 'II', 'III', 'IV'];
const mostMinutes = 10_080;

const oneOf =
  <Key extends 'priority' | 'riskLevel'>(
    key: Key,
    known: readonly string[],
    words: Readonly<Record<string, string>> = {},
  ) =>
  (cell: string): Read => {
    const value = words[cell] ?? cell;
    return known.includes(value) ? { value: { [key]: value } } : { expected: both(known.join(', '), known.join('、')) };
  };

const minutes =
  (key: 'respondWithinMin' | 'reAlarmMin') =>
  (cell: string): Read => {
    const value = Number(cell);
    return value > 0 && value <= mostMinutes
      ? { value: { [key]: value } }
      : { expected: both(`minutes, more than 0 and ${mostMinutes} at most`, `分钟数，大于 0 且不超过 ${mostMinutes}`) };
  };

const yesNo = (cell: string): Read => {
  if (['yes', '是', 'true', '1'].includes(cell.toLowerCase())) return { value: { latching: true } };
  if (['no', '否', 'false', '0'].includes(cell.toLowerCase())) return { value: { latching: false } };
  return { expected: both('yes or no', '是或否') };
};

/** Stands where nothing suppresses an alarm any more. */
const nobody = '-';

const word = (is: boolean | undefined): string => (is ? 'yes' : 'no');

const text = (key: 'cause' | 'consequence' | 'response', language: keyof Text, zh: string): Column => ({
  key: `${key}-${language}`,
  zh: language === 'zh' ? zh : `${zh}（英文）`,
  of: ({ alarm }) => alarm[key]?.[language] ?? '',
  read: (cell) => ({ value: { [key]: { [language]: cell } } }),
});

const limitText = ({ subject, kind }: MasterAlarm): string =>
  subject.limits
    .filter((limit) => limit.kind === kind)
    .map(({ role, above, below, equals, onDelayS, count, source }) => {
      const bound = above !== undefined ? `> ${above}` : below !== undefined ? `< ${below}` : `= ${equals}`;
      const times = count ? `, ${count.n} × / ${count.withinS} s` : '';
      return `${role} ${bound}, ${onDelayS} s${times} (${source})`;
    })
    .join('; ');

/** The master alarm table (IEC 62682 clause 8, rationalisation), column by column. */
const columns: readonly Column[] = [
  { key: 'asset', zh: '对象', of: ({ subject }) => subject.id },
  { key: 'name', zh: '名称', of: ({ subject }) => subject.name },
  { key: 'type', zh: '类型', of: ({ subject }) => subject.type },
  { key: 'kind', zh: '类别', of: ({ kind }) => kind },
  { key: 'safety', zh: '安全类', of: ({ alarm }) => word(alarm.safety) },
  { key: 'message-zh', zh: '报警内容', of: ({ alarm }) => alarm.message.zh },
  { key: 'message-en', zh: '报警内容（英文）', of: ({ alarm }) => alarm.message.en },
  ...[text('cause', 'zh', '原因'), text('cause', 'en', '原因')],
  ...[text('consequence', 'zh', '后果'), text('consequence', 'en', '后果')],
  ...[text('response', 'zh', '处置'), text('response', 'en', '处置')],
  {
    ...{ key: 'respondWithinMin', zh: '响应时限（分）', of: ({ alarm }) => respondWithinMin(alarm) },
    read: minutes('respondWithinMin'),
  },
  { key: 'riskLevel', zh: '风险等级', of: ({ alarm }) => alarm.riskLevel, read: oneOf('riskLevel', riskLevels) },
  {
    ...{ key: 'priority', zh: '优先级', of: ({ alarm }) => alarm.priority },
    read: oneOf('priority', priorities, priorityWords),
  },
  { key: 'matrix', zh: '矩阵优先级', of: ({ alarm }) => priorityBy(alarm.riskLevel, respondWithinMin(alarm)) },
  { key: 'latching', zh: '锁存', of: ({ alarm }) => word(alarm.latching), read: yesNo },
  { key: 'reAlarmMin', zh: '再次报警（分）', of: ({ alarm }) => alarm.reAlarmMin ?? '', read: minutes('reAlarmMin') },
  {
    ...{ key: 'suppressedBy', zh: '抑制于', of: ({ alarm }) => alarm.suppressedBy?.join(' ') ?? '' },
    read: (cell) => ({ value: { suppressedBy: cell === nobody ? [] : cell.split(/[\s,，、;；]+/) } }),
  },
  ...limitColumns,
  { key: 'limits', zh: '限值', of: limitText },
];

const normalise = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
const byName = new Map(columns.flatMap((column) => [column.key, column.zh].map((name) => [normalise(name), column])));

const zhOf = (key: string): string => columns.find((column) => column.key === key)?.zh ?? key;

/** Whether a cell is the name of a column. */
export const isAlarmColumn = (cell: string): boolean => byName.has(normalise(cell));

/** The sheet that a review meeting needs: one row for each alarm that there can be; `*` stands for every asset. */
export function alarmTableCells({ subjects, anywhere }: AlarmSources, language: HeaderLanguage): OutputCells {
  const everyAsset = { id: '*', name: '*', type: '*', limits: [] };
  const rows = [...subjects.values()].flatMap((subject) =>
    Object.entries(subject.alarms).map(([kind, alarm]) => ({ subject, kind, alarm })),
  );
  const everywhere = Object.entries(anywhere).map(([kind, alarm]) => ({ subject: everyAsset, kind, alarm }));
  const head = columns.map(({ key, zh }) => (language === 'zh' ? zh : key));
  return [head, ...[...rows, ...everywhere].map((row) => columns.map((column) => column.of(row)))];
}

/** Corrections as a table that `readAlarmTable` reads: what is not corrected is empty. */
export function correctionCells(
  corrections: ReadonlyMap<string, AlarmCorrection>,
  language: HeaderLanguage,
): OutputCells {
  const shown = columns.filter(({ key, read }) => read || key === 'asset' || key === 'kind');
  const head = shown.map(({ key, zh }) => (language === 'zh' ? zh : key));
  const rows = [...corrections].map(([id, correction]) => {
    const at = id.lastIndexOf('/');
    const cells: Readonly<Record<string, string | number>> = {
      ...{ asset: id.slice(0, at), kind: id.slice(at + 1) },
      ...flat(correction),
    };
    return shown.map(({ key }) => cells[key] ?? '');
  });
  return [head, ...rows];
}

/** Cells by column, `cause-zh` for a text in a language. */
function flat({
  cause,
  consequence,
  response,
  latching,
  suppressedBy,
  limit,
  ...rest
}: AlarmCorrection): Record<string, string | number> {
  const texts = Object.entries({ cause, consequence, response }).flatMap(([key, said]) =>
    Object.entries(said ?? {}).map(([language, words]) => [`${key}-${language}`, words] as const),
  );
  const latch = latching === undefined ? {} : { latching: word(latching) };
  const parents = suppressedBy ? { suppressedBy: suppressedBy.join(' ') || nobody } : {};
  const plain = { ...rest, ...limit } as Record<string, string | number>;
  return { ...plain, ...latch, ...parents, ...Object.fromEntries(texts) };
}

/** What a table changes of the alarms that there are, by `<asset, type or *>/<kind>`. */
export interface AlarmTable {
  readonly corrections: ReadonlyMap<string, AlarmCorrection>;
  readonly problems: readonly Problem[];
  /** Priorities that are not those of the matrix. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads a reviewed sheet, whole or in part. Every bad cell is told by row and column; a cell that is empty, or says what the
 * pack says, changes nothing.
 * @param sources alarms as the packs have them
 * @param judge what is wrong with limits that are asked for
 */
export function readAlarmTable(sheets: readonly TableCells[], sources: AlarmSources, judge: JudgeLimits): AlarmTable {
  const corrections = new Map<string, AlarmCorrection>();
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const known = alarmsByName(sources);
  for (const { file, sheet, rows } of sheets) {
    const where = sheet === undefined ? { file } : { file, sheet };
    const [head, ...body] = rows.filter(({ cells }) =>
      cells.some((cell) => typeof cell !== 'string' || cell.trim() !== ''),
    );
    const header = readHeader(head, where, problems);
    if (!header) continue;
    for (const row of body) {
      const reading = { header, known, judge, problems, warnings, corrections };
      readRow(row, (key) => ({ ...where, line: row.line, column: header.indexOf(key) + 1 || 1, path: key }), reading);
    }
  }
  return { corrections, problems, warnings };
}

/** What rows can be about. */
type Known = Pick<AlarmSource, 'alarms' | 'limits'>;

/** By subject, type or `*`; of a type no limits stand, since each asset may have its own. */
function alarmsByName({ subjects, anywhere }: AlarmSources): ReadonlyMap<string, Known> {
  const types = [...subjects.values()].map(({ type, alarms }) => [type, { alarms, limits: [] }] as const);
  const things = [...subjects.values()].map((subject) => [subject.id, subject] as const);
  return new Map<string, Known>([['*', { alarms: anywhere, limits: [] }] as const, ...types, ...things]);
}

/** The key of each column; undefined where the table cannot be read. */
function readHeader(
  head: CellRow | undefined,
  where: Pick<Place, 'file' | 'sheet'>,
  problems: Problem[],
): readonly string[] | undefined {
  const refuse = (column: number, path: string, message: Text, fix?: Text) =>
    problems.push(
      problemAt({ ...where, line: head?.line ?? 1, column, path }, masterErrors.create('HEADER', message), fix),
    );
  const before = problems.length;
  const keys = (head?.cells ?? []).map((cell, index) => {
    const name = typeof cell === 'string' ? cell : '';
    const column = byName.get(normalise(name));
    if (name.trim() === '' || column) return column?.key ?? '';
    refuse(index + 1, name, tableTexts.unknownColumn(name), meant(name, byName.keys()));
    return '';
  });
  for (const needed of ['asset', 'kind'])
    if (!keys.includes(needed)) refuse(1, needed, tableTexts.columnMissing(needed, zhOf(needed)));
  return problems.length === before ? keys : undefined;
}

interface Reading {
  readonly header: readonly string[];
  readonly known: ReadonlyMap<string, Known>;
  readonly judge: JudgeLimits;
  readonly problems: Problem[];
  readonly warnings: Problem[];
  readonly corrections: Map<string, AlarmCorrection>;
}

function readRow({ cells }: CellRow, placeOf: (key: string) => Place, reading: Reading): void {
  const { header, known, judge, problems, warnings, corrections } = reading;
  const before = problems.length;
  const refuse = (key: string, error: LifelineError, fix?: Text) => problems.push(problemAt(placeOf(key), error, fix));
  const written: Record<string, string> = {};
  header.forEach((key, index) => {
    const cell = cells[index] ?? '';
    if (typeof cell === 'string') written[key] = unguard(cell.replace(/[\t\r\n\v\f]+/g, ' ').trim());
    else refuse(key, masterErrors.create('CELL', tableTexts.cellIs(key, zhOf(key), cell.message)), cell.fix);
  });
  const { asset = '', kind = '' } = written;
  const subject = known.get(asset);
  const alarm = subject?.alarms[kind];
  if (!alarm) {
    const [key, names] = subject ? ['kind', Object.keys(subject.alarms)] : ['asset', [...known.keys()]];
    const error = masterErrors.create('UNKNOWN', tableTexts.noAlarm(`${asset}/${kind}`));
    refuse(key as string, error, meant(written[key as string] ?? '', names as readonly string[]));
    return;
  }
  const id = `${asset}/${kind}`;
  if (corrections.has(id)) refuse('asset', masterErrors.create('DUPLICATE', tableTexts.alarmTwice(id)));
  const standing = { subject: { id: asset, name: '', type: '', limits: subject.limits }, kind, alarm };
  const correction = readCells(written, standing, (column, expected) => {
    const error = masterErrors.create('CELL', tableTexts.cell(written[column] ?? '', column, zhOf(column)));
    refuse(column, error, configFixes.expected(expected));
  });
  for (const { key = 'limits', error, fix } of correction.limit ? judge(asset, kind, correction.limit) : [])
    refuse(key, error, fix);
  refuseSuppression(correction, standing, Object.keys(subject.alarms), refuse);
  const after = corrected(alarm, correction);
  if (alarm.safety && priorities.indexOf(after.priority) > priorities.indexOf(alarm.priority))
    refuse('priority', masterErrors.create('SAFETY', tableTexts.safety(id, alarm.priority)));
  if (problems.length > before || Object.keys(correction).length === 0) return;
  corrections.set(id, correction);
  const matrix = priorityBy(after.riskLevel, respondWithinMin(after));
  if (matrix === after.priority) return;
  const message = tableTexts.matrix(id, after.priority, after.riskLevel, respondWithinMin(after), matrix);
  warnings.push(problemAt(placeOf('priority'), masterErrors.create('MATRIX', message)));
}

/** An alarm is suppressed by others of its asset, and one of safety by none. */
function refuseSuppression(
  { suppressedBy = [] }: AlarmCorrection,
  { subject, kind, alarm }: MasterAlarm,
  kinds: readonly string[],
  refuse: (key: string, error: LifelineError, fix?: Text) => void,
): void {
  const id = `${subject.id}/${kind}`;
  if (alarm.safety && suppressedBy.length > 0) {
    refuse('suppressedBy', masterErrors.create('SAFETY', tableTexts.neverSuppressed(id)));
    return;
  }
  const others = kinds.filter((other) => other !== kind);
  for (const parent of suppressedBy.filter((one) => !others.includes(one)))
    refuse('suppressedBy', masterErrors.create('UNKNOWN', tableTexts.noSuppressor(id, parent)), meant(parent, others));
}

/** What the cells of a row say otherwise than what stands. */
function readCells(
  written: Readonly<Record<string, string>>,
  standing: MasterAlarm,
  refuse: (column: string, expected: Text) => void,
): AlarmCorrection {
  let found: AlarmCorrection = {};
  for (const [key, cell] of Object.entries(written)) {
    const column = byName.get(normalise(key));
    if (!column?.read || cell === '' || cell === String(column.of(standing))) continue;
    const result = column.read(cell);
    if ('expected' in result) refuse(key, result.expected);
    else found = merged(found, result.value);
  }
  return found;
}

/** Two corrections as one; of texts each language by itself. */
function merged(one: AlarmCorrection, other: AlarmCorrection): AlarmCorrection {
  const texts = (['cause', 'consequence', 'response'] as const).flatMap((key) =>
    one[key] || other[key] ? [[key, { ...one[key], ...other[key] }] as const] : [],
  );
  const limit = one.limit || other.limit ? { limit: { ...one.limit, ...other.limit } } : {};
  return { ...one, ...other, ...Object.fromEntries(texts), ...limit };
}
