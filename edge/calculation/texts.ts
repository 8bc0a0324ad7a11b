import { both, type Text } from '../core/text.ts';

const unitOr = (unit: string): Text => both(unit || 'a value without unit', unit || '无单位的值');

/** What is said of expressions, beside the codes of `errors.ts`. */
export const calculationTexts = {
  noTagRead: both('the expression reads no tag', '表达式没有引用任何点'),
  wordForValue: (text: string) => both(`'${text}' stands where a value is expected`, `此处应为数值，而不是“${text}”`),
  noTag: (name: string) => both(`tag "${name}" does not exist`, `点“${name}”不存在`),
  textTag: (name: string) =>
    both(`tag "${name}" holds a text, nothing can be computed from it`, `点“${name}”的值是文本，不能用于计算`),
  noFunction: (name: string) => both(`there is no function "${name}"`, `没有函数“${name}”`),
  needsNumber: (name: string) => both(`${name} must be a number as written`, `${name} 须直接写成数字`),
  needsBit: (name: string) => both(`${name} must be 0–31`, `${name} 须为 0–31`),
  needsTimeUnit: (name: string) =>
    both(`${name} must be 's', 'min', 'h' or 'd' in quotes`, `${name} 须为带引号的 's'、'min'、'h' 或 'd'`),
  needsTime: (name: string) =>
    both(
      `${name} must be a time of 1s to 1d in quotes, such as '5min'`,
      `${name} 须为带引号的 1s 到 1d 的时长，如 '5min'`,
    ),
  shortTime: (name: string, text: string) =>
    both(`${name} of ${text} is shorter than the period of the point`, `${name} 为 ${text}，短于该点的周期`),
  arguments: (name: string, expected: string, given: number) =>
    both(
      `${name}() takes ${expected} arguments, ${given} are given`,
      `${name}() 需要 ${expected} 个参数，给了 ${given} 个`,
    ),
  maxPerHour: both('maxPerHour must be more than 0', 'maxPerHour 须大于 0'),
  quickWrap: (perHour: number, wrap: number, minutes: number) =>
    both(
      `at ${perHour} per hour a counter that wraps at ${wrap} goes round within ${minutes} minutes`,
      `每小时 ${perHour} 时，满 ${wrap} 归零的计数器不到 ${minutes} 分钟就转一圈`,
    ),
  unlike: (unit: string, target: string) =>
    both(
      `${unitOr(unit).en} cannot be combined with ${unitOr(target).en}: they measure different things`,
      `${unitOr(unit).zh}不能与${unitOr(target).zh}运算：量纲不同`,
    ),
  notIn: (unit: string, declared: string) =>
    both(
      `the result is in ${unitOr(unit).en}, which cannot be shown in ${declared}`,
      `结果的单位是 ${unitOr(unit).zh}，不能换算为 ${declared}`,
    ),
  temperature: (unit: string, declared: string) =>
    both(
      `the result is a temperature in ${unit}, declared is ${declared}: it is not converted`,
      `结果是以 ${unit} 计的温度，声明的是 ${declared}：不作换算`,
    ),
  tooDeep: (most: number) =>
    both(`brackets, calls and signs nest deeper than ${most}`, `括号、函数和符号嵌套超过 ${most} 层`),
  tagNotClosed: both('the bracket of a tag is not closed', '点名的方括号没有闭合'),
  emptyBrackets: both('expected something in the brackets', '括号内不能为空'),
  notClosed: both('this bracket is not closed', '此括号没有闭合'),
  valueAfter: (operator: string) => both(`expected a value after "${operator}"`, `“${operator}”之后应有数值`),
  alone: (name: string) => both(`"${name}" stands by itself`, `“${name}”单独出现`),
  argumentOf: (name: string) => both(`expected an argument of ${name}()`, `${name}() 缺少参数`),
  callNotClosed: (name: string) => both(`the bracket of ${name}() is not closed`, `${name}() 的括号没有闭合`),
  insteadOf: (given: string) => both(`expected "," or ")" instead of "${given}"`, `此处应为“,”或“)”，而不是“${given}”`),
  tooLong: (length: number, most: number) =>
    both(`${length} characters, ${most} are allowed`, `有 ${length} 个字符，最多 ${most} 个`),
  empty: both('the expression is empty', '表达式为空'),
  stray: both('a separator without need', '多余的分隔符'),
  lettersAfterNumber: both('letters follow a number', '数字后面跟着字母'),
  unreadable: (why: string) => both(why, `无法识别（${why}）`),
  tooManyParts: (most: number) => both(`more than ${most} parts`, `超过 ${most} 个部分`),
  noOperator: (operator: string) => both(`there is no operator "${operator}"`, `没有运算符“${operator}”`),
  sideBySide: both('two expressions stand side by side', '两个表达式并列'),
  notInGrammar: (kind: string) => both(`${kind} is not part of the grammar`, `语法中没有 ${kind}`),
  tooLarge: both('a number too large', '数字过大'),
} as const;

/** What is to be done about it, where that is not the next step of the code. */
export const calculationFixes = {
  readOne: both('read at least one, written as [device/point]', '至少引用一个点，写作 [设备/点]'),
  writeTag: both('write a tag as [device/point]', '点写作 [设备/点]'),
  writeTagOrCall: both('write a tag as [device/point], a function with its brackets', '点写作 [设备/点]，函数须带括号'),
  example: (example: string) => both(`e.g. ${example}`, `例如 ${example}`),
  widerWrap: (least: number) =>
    both(`its wraps cannot be told; wrap must be at least ${least}`, `无法分辨归零；wrap 至少为 ${least}`),
  head: both('a head of water has the unit mH2O', '水头的单位是 mH2O'),
  kelvin: (unit: string) => both(`declare ${unit}, or add 273.15`, `请声明为 ${unit}，或加 273.15`),
  quoteTime: both(
    "write a duration in quotes, such as '5min'; numbers have no unit",
    "时长请加引号，如 '5min'；数字不带单位",
  ),
  join: both('join them by an operator', '请用运算符连接'),
} as const;

/** What is written here in the place of operators of other languages. */
export const insteadOf: Readonly<Record<string, Text>> = {
  '&': both('use and(a, b) on bits, && on conditions', '位运算用 and(a, b)，条件用 &&'),
  '|': both('use or(a, b) on bits, || on conditions', '位运算用 or(a, b)，条件用 ||'),
  '^': both('use xor(a, b)', '请用 xor(a, b)'),
  '<<': both('use shl(a, n)', '请用 shl(a, n)'),
  '>>': both('use shr(a, n)', '请用 shr(a, n)'),
  '>>>': both('use shr(a, n)', '请用 shr(a, n)'),
  '===': both('use ==', '请用 =='),
  '!==': both('use !=', '请用 !='),
  '**': both('multiply, or use sqrt(a)', '请用乘法，或 sqrt(a)'),
  ConditionalExpression: both('use if(condition, a, b)', '请用 if(条件, a, b)'),
};
