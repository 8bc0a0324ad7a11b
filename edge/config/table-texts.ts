import { both, type Text } from '../core/text.ts';
import { tableLimits } from './table-cells.ts';

const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
const { rows, columns } = tableLimits;

/** What is said of tables — point tables and the master alarm table — beside the codes of `errors.ts`. */
export const tableTexts = {
  unknownColumn: (name: string) => both(`unknown column "${name}"`, `未知的列“${name}”`),
  columnTwice: (name: string) => both(`column "${name}" stands twice`, `列“${name}”出现两次`),
  columnsAlike: (one: string, other: string, key: string, zh: string) =>
    both(`"${one}" and "${other}" both mean "${key}"`, `“${one}”和“${other}”都表示“${zh}”`),
  columnMissing: (key: string, zh: string) => both(`column "${key}" (${zh}) is missing`, `缺少“${zh}”列（${key}）`),
  empty: both('the table is empty', '表是空的'),
  tooLarge: both(`a point table has ${rows} rows and ${columns} columns at most`, `点表最多 ${rows} 行、${columns} 列`),
  noPoint: both('the table has a header, but no point', '表只有表头，没有点'),
  noTag: both('the row has no tag', '该行没有点名'),
  tagTwice: (tag: string, { en, zh }: Text) =>
    both(`tag "${tag}" stands already in ${en}`, `点名“${tag}”已出现在${zh}`),
  row: (line: number, sheet: string | undefined, file: string | undefined) =>
    both(
      `row ${line}${sheet === undefined ? '' : ` of sheet "${sheet}"`}${file === undefined ? '' : ` of ${file}`}`,
      `${file === undefined ? '' : `${file} `}${sheet === undefined ? '' : `工作表“${sheet}”`}第 ${line} 行`,
    ),
  cell: (cell: string, key: string, zh: string) => both(`"${cell}" in column "${key}"`, `“${zh}”列的“${cell}”无法识别`),
  cellIs: (key: string, zh: string, what: Text) => both(`column "${key}": ${what.en}`, `“${zh}”列：${what.zh}`),
  conflict: (tag: string, why: Text) => both(`point "${tag}": ${why.en}`, `点“${tag}”：${why.zh}`),
  typeHasNo: (type: string, column: string) => both(`${type} has no ${column}`, `${type} 类型不能有 ${column}`),
  noUnitIds: (driver: string) => both(`a ${driver} device has no unit ids`, `${driver} 设备没有站号`),
  bytes: (size: number) =>
    both(
      `it has ${megabytes(size)} MB; ${megabytes(tableLimits.fileBytes)} MB are allowed`,
      `文件有 ${megabytes(size)} MB，最多 ${megabytes(tableLimits.fileBytes)} MB`,
    ),
  oldWorkbook: both(
    'it is an .xls file or has a password; save it as .xlsx without one',
    '文件是 .xls 或带有密码；请另存为不带密码的 .xlsx',
  ),
  noWorkbook: (sheet: string) =>
    both(`it is no workbook and has no sheet "${sheet}"`, `文件不是工作簿，没有工作表“${sheet}”`),
  noTable: both('it is neither text nor an .xlsx workbook', '文件既不是文本也不是 .xlsx 工作簿'),
  noSheet: (sheet: string, near: string | undefined, names: readonly string[]) =>
    both(
      `the workbook has no sheet "${sheet}"; ${near === undefined ? `it has ${names.map((one) => `"${one}"`).join(', ')}` : `did you mean "${near}"?`}`,
      `工作簿没有工作表“${sheet}”；${near === undefined ? `现有：${names.map((one) => `“${one}”`).join('、')}` : `是否应为“${near}”？`}`,
    ),
  sheets: (count: number) =>
    both(
      `the workbook has ${count} sheets; ${tableLimits.sheets} are allowed`,
      `工作簿有 ${count} 个工作表，最多 ${tableLimits.sheets} 个`,
    ),
  unreadable: both('the workbook cannot be read', '工作簿无法读取'),
  noPart: (path: string) => both(`it is no .xlsx workbook: it has no ${path}`, `文件不是 .xlsx 工作簿：缺少 ${path}`),
  farCell: (sheet: string, place: string) =>
    both(
      `sheet "${sheet}" reaches to ${place}; ${rows} rows and ${columns} columns are allowed`,
      `工作表“${sheet}”延伸到 ${place}；最多 ${rows} 行、${columns} 列`,
    ),
  damaged: (what: string) => both(`the workbook is damaged or cut off: ${what}`, `工作簿损坏或不完整：${what}`),
  encrypted: both('the workbook is encrypted; save it without a password', '工作簿已加密；请另存为不带密码的文件'),
  unpacksTo: (bytes: number, path: string) =>
    both(
      `the workbook unpacks to more than ${Math.round(bytes / 1024 / 1024)} MB (${path})`,
      `工作簿解压后超过 ${Math.round(bytes / 1024 / 1024)} MB（${path}）`,
    ),
  cutText: (encoding: string) =>
    both(`the text is marked as ${encoding}, but is damaged or cut off`, `文本标记为 ${encoding}，但已损坏或不完整`),
  noEncoding: (line: number) =>
    both(`the text is neither UTF-8 nor GB18030 (line ${line})`, `文本既不是 UTF-8 也不是 GB18030（第 ${line} 行）`),
  longLine: (line: number, most: number) =>
    both(`line ${line} is longer than ${most} characters`, `第 ${line} 行超过 ${most} 个字符`),
  quotes: (line: number) => both(`the quotes do not match at line ${line}`, `第 ${line} 行的引号不成对`),
  noAlarm: (id: string) => both(`there is no alarm ${id}`, `没有报警 ${id}`),
  alarmTwice: (id: string) => both(`${id} stands in an earlier row already`, `${id} 已出现在前面的行中`),
  safety: (id: string, priority: string) =>
    both(`${id} concerns safety: its priority is ${priority} at least`, `${id} 涉及安全：优先级不得低于 ${priority}`),
  neverSuppressed: (id: string) => both(`${id} concerns safety: it is never suppressed`, `${id} 涉及安全：不得抑制`),
  noSuppressor: (id: string, kind: string) =>
    both(
      `${id} cannot be suppressed by "${kind}": there is no other alarm of that kind`,
      `${id} 不能由“${kind}”抑制：没有该类别的其他报警`,
    ),
  matrix: (id: string, priority: string, level: string, minutes: number, matrix: string) =>
    both(
      `${id} has priority ${priority}; level ${level} within ${minutes} min gives ${matrix}`,
      `${id} 的优先级为 ${priority}；按风险等级 ${level}、响应时限 ${minutes} 分钟应为 ${matrix}`,
    ),
} as const;

/** What is to be done about it, where that is not the next step of the code. */
export const tableFixes = {
  removeColumn: both('rename or remove one of them', '请改名或删除其中一列'),
  namePoint: both('name the point', '请填写点名'),
  addRow: both('add a row for each point', '请为每个点加一行'),
  shorten: both(`shorten it to ${tableLimits.cellLength} characters`, `请缩短到 ${tableLimits.cellLength} 个字符以内`),
  typeAgain: both('it holds a control or broken character; type it again', '含有控制字符或乱码，请重新输入'),
  noResult: both('the formula has no result; put the value itself there', '公式没有结果，请直接填写数值'),
  asText: both('format the column as text and type it again', '请将该列设为文本格式后重新输入'),
} as const;

/** What the spreadsheet made of a cell that looked like a date. */
export const dateInCell = (day: string | undefined): Text =>
  day === undefined
    ? both('the spreadsheet made a date of it', '电子表格把它变成了日期')
    : both(`the spreadsheet made the date ${day} of it`, `电子表格把它变成了日期 ${day}`);
