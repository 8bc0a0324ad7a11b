import { pointTables, pointTypes, wordOrders } from '../../drivers/api.ts';
import { parseDuration } from '../core/duration.ts';
import { suggest } from '../core/suggest.ts';
import { both, type Text } from '../core/text.ts';

/** What the cells of one row become; `undefined` where the cell is empty. */
export interface PointRow {
  readonly tag: string;
  readonly table: (typeof pointTables)[number] | undefined;
  readonly address: number | undefined;
  readonly bit: number | undefined;
  readonly node: string | undefined;
  readonly type: (typeof pointTypes)[number] | undefined;
  readonly order: (typeof wordOrders)[number] | undefined;
  readonly length: number | undefined;
  readonly scale: number | undefined;
  readonly offset: number | undefined;
  readonly rawLow: number | undefined;
  readonly rawHigh: number | undefined;
  readonly unit: string | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly deadband: number | undefined;
  readonly group: number | undefined;
  readonly unitId: number | undefined;
  readonly states: Readonly<Record<string, string>> | undefined;
  readonly asset: string | undefined;
  readonly role: string | undefined;
  readonly writable: boolean | undefined;
  readonly class: string | undefined;
  readonly description: string | undefined;
}

/** One column: its headers in both languages, what it holds, and how a non-empty cell is read. */
export interface Column {
  readonly key: string;
  readonly zh: string;
  readonly describe: string;
  /** Returns the value, or what was expected instead. */
  read(cell: string): { readonly value: unknown } | { readonly expected: Text };
}

const tablesZh: Readonly<Record<string, string>> = {
  线圈: 'coil',
  离散输入: 'discrete',
  输入寄存器: 'input',
  保持寄存器: 'holding',
};
const yes = new Set(['1', 'true', 'yes', 'y', '是', '可写']);
const no = new Set(['0', 'false', 'no', 'n', '否', '只读']);
/** Shortest and longest poll period in ms. */
const periodLimitsMs = { low: 50, high: 3_600_000 } as const;

const text = (cell: string) => ({ value: cell });

function oneOf(words: readonly string[], aliases: Readonly<Record<string, string>> = {}) {
  return (cell: string) => {
    const word = aliases[cell] ?? cell.toLowerCase();
    const known = words.find((one) => one === word); // not each cell's own copy
    if (known !== undefined) return { value: known };
    const near = suggest(cell, words);
    const hint = near === undefined ? both('', '') : both(`; did you mean "${near}"?`, `；是否应为“${near}”？`);
    return { expected: both(`one of ${words.join(', ')}${hint.en}`, `以下之一：${words.join('、')}${hint.zh}`) };
  };
}

function numeric(describe: Text, accepts: (value: number) => boolean = Number.isFinite) {
  return (cell: string) => {
    const value = Number(cell);
    return cell !== '' && accepts(value) ? { value } : { expected: describe };
  };
}

/** Reads a poll period, such as `200ms`, `1s`, `5min`, as milliseconds. */
export function periodOf(cell: string): { readonly value: number } | { readonly expected: Text } {
  const ms = parseDuration(cell);
  if (ms !== undefined && ms >= periodLimitsMs.low && ms <= periodLimitsMs.high) return { value: ms };
  return {
    expected: both(
      `a period from ${periodLimitsMs.low}ms to 60min, such as 200ms, 1s, 5min`,
      `${periodLimitsMs.low}ms 到 60min 的周期，如 200ms、1s、5min`,
    ),
  };
}

function states(cell: string): { readonly value: Record<string, string> } | { readonly expected: Text } {
  const value: Record<string, string> = {};
  for (const part of cell.split(/[;；]/)) {
    const match = /^\s*(-?\d+)\s*=\s*(\S.*?)\s*$/.exec(part);
    if (!match) return { expected: both('number=name pairs, such as 0=停;1=运行', '数字=名称，如 0=停;1=运行') };
    value[match[1] as string] = match[2] as string;
  }
  return { value };
}

function flag(cell: string): { readonly value: boolean } | { readonly expected: Text } {
  const word = cell.toLowerCase();
  return yes.has(word)
    ? { value: true }
    : no.has(word)
      ? { value: false }
      : { expected: both('yes or no (是 or 否)', '是或否') };
}

const integer = (low: number, high: number) =>
  numeric(
    both(`a whole number ${low}–${high}`, ` ${low}–${high} 的整数`),
    (value) => Number.isInteger(value) && value >= low && value <= high,
  );

/** An address in any notation: on the wire, counted from 1, or a Modicon reference of up to six digits. */
function writtenAddress(cell: string): { readonly value: number } | { readonly expected: Text } {
  const value = Number(cell);
  const [table, place] = [Math.floor(value / 100_000), value % 100_000];
  const reference = [1, 3, 4].includes(table) && place >= 1 && place <= 65_536;
  const good = Number.isInteger(value) && value >= 0 && (value <= 65_536 || reference);
  return good ? { value } : { expected: both('a whole number 0–65535', ' 0–65535 的整数') };
}

/** Every column of a point table, in the order of the reference page. */
export const columns: readonly Column[] = [
  { key: 'tag', zh: '点名', describe: 'name of the point, unique in its device', read: text },
  {
    key: 'table',
    zh: '寄存器区',
    describe: 'Modbus table: coil, discrete, input, holding; may be empty where addresses are Modicon references',
    read: oneOf(pointTables, tablesZh),
  },
  {
    key: 'address',
    zh: '地址',
    describe: 'zero-based address on the wire, 0–65535, or as `notation` of the device says (40001, 400001)',
    read: writtenAddress,
  },
  { key: 'bit', zh: '位', describe: 'bit 0–15 of the register', read: integer(0, 15) },
  { key: 'node', zh: '节点', describe: 'OPC UA node id, such as ns=1;s=plc.temp', read: text },
  { key: 'type', zh: '数据类型', describe: 'data type', read: oneOf(pointTypes) },
  {
    key: 'order',
    zh: '字节序',
    describe: 'byte order on the wire; `order` of the device when empty',
    read: oneOf(wordOrders),
  },
  {
    key: 'length',
    zh: '长度',
    describe: 'registers that a text fills, two bytes each, 1–125',
    read: integer(1, 125),
  },
  {
    key: 'scale',
    zh: '系数',
    describe: 'engineering = raw × scale + offset; 1 when empty',
    read: numeric(both('a number other than 0', '非 0 的数'), (v) => Number.isFinite(v) && v !== 0),
  },
  { key: 'offset', zh: '偏移', describe: 'see scale; 0 when empty', read: numeric(both('a number', '数字')) },
  {
    key: 'rawLow',
    zh: '原始下限',
    describe: 'raw value that means `low`; with rawHigh instead of scale and offset, such as 5530 for 4 mA',
    read: numeric(both('a number', '数字')),
  },
  { key: 'rawHigh', zh: '原始上限', describe: 'raw value that means `high`', read: numeric(both('a number', '数字')) },
  { key: 'unit', zh: '单位', describe: 'unit of the engineering value', read: text },
  { key: 'low', zh: '下限', describe: 'lowest plausible engineering value', read: numeric(both('a number', '数字')) },
  { key: 'high', zh: '上限', describe: 'highest plausible engineering value', read: numeric(both('a number', '数字')) },
  {
    key: 'deadband',
    zh: '死区',
    describe: 'smaller changes are not reported; 0 when empty',
    read: numeric(both('a number ≥ 0', '不小于 0 的数'), (v) => Number.isFinite(v) && v >= 0),
  },
  { key: 'group', zh: '采集周期', describe: 'poll period; 1s when empty', read: periodOf },
  {
    key: 'unitId',
    zh: '站号',
    describe: 'Modbus unit id of this point where it is not that of its device, 0–255',
    read: integer(0, 255),
  },
  { key: 'states', zh: '状态', describe: 'names of states: 0=停;1=运行', read: states },
  { key: 'asset', zh: '资产', describe: 'asset whose role this tag fills', read: text },
  { key: 'role', zh: '角色', describe: 'role of that asset', read: text },
  { key: 'writable', zh: '可写', describe: 'whether commands may write it; no when empty', read: flag },
  {
    key: 'class',
    zh: '类别',
    describe:
      'class for retention and forwarding, such as counter; `state`, `text`, `time` or `measurement` when empty',
    read: text,
  },
  { key: 'description', zh: '描述', describe: 'free text', read: text },
];
