import { maxExpressionDepth, maxExpressionLength, maxExpressionParts } from '../../edge/calculation/expression.ts';
import { type FunctionSpec, functions, maxValues, type Parameter } from '../../edge/calculation/functions.ts';
import { head, type Page, table } from './page.ts';

const introduction = `Calculated points (虚拟点) are tags that are computed from other tags; \`calculated\` in [gateway.yaml](gateway-yaml.md#calculated) lists
them, and [a how-to](../how-to/calculate-points.md) shows them at work. Everything else — history, detection, alarms, sinks, the
console, roles of assets — takes them like other tags.`;

const grammar = `## Expressions

- Numbers: \`12\`, \`0.5\`, \`1e3\`. Tags stand in brackets: \`[ps-3/flow]\`; a closing bracket in a name is written twice. An
  expression reads at least one tag, and may read other calculated points, though not in a circle.
- Operators, those that bind strongest first: \`-a\` \`!a\`; \`*\` \`/\` \`%\` (remainder, with the sign of the left side); \`+\` \`-\`; \`<\` \`<=\` \`>\` \`>=\`;
  \`==\` \`!=\`; \`&&\`; \`||\`. Round brackets group. Comparisons and conditions give 1 or 0; what is not 0 counts as true.
- Nothing in an expression is run as code. It has at most ${maxExpressionLength} characters, ${maxExpressionParts} parts and ${maxExpressionDepth} levels of brackets; a function takes at most ${maxValues} values.

In YAML an expression with brackets stands in quotes: \`expression: "[ps-3/flow] - [ps-4/flow]"\`.
`;

const rules = `## When

With a \`period\` a point is computed on an absolute schedule, at the period. Without one it is computed whenever one of its inputs has
a new sample; with a function that looks back in time (marked ⏱ below), every second. Points that others use are computed first.
A sample carries the newest source time of its inputs, with ⏱ the time at which it was computed. What is the same as before in value,
quality and time is not sent again.

## Quality

The result is as good as the worst of what it was made of: the highest quality code among the inputs, reason included. Bad inputs
give a bad result without a value. For \`if\`, only the condition and the value taken count; for \`&&\` and \`||\`, the right side only when
the left one does not decide. What has no value although every input has one — a division by zero, the root of a negative value,
bits of a fraction — is bad with the reason \`config\`. A result outside \`low\` … \`high\` is uncertain, \`out-of-range\`.

## Units

Units are known as in \`m3/h\`, \`L/s\`, \`kPa\`, \`MPa\`, \`bar\`, \`mH2O\`, \`kW\`, \`kWh\`, \`GJ\`, \`Cel\`, \`K\`, \`%\`, \`mg/L\`, \`Hz\`, with powers and
quotients of them. In sums, differences, comparisons and \`min\`, \`max\`, \`sum\`, \`avg\`, \`if\` all values are converted to the unit of the first;
different dimensions are an error (\`LL-CALC-UNIT\`). The result is converted to the declared \`unit\`, or takes the unit that follows when
none is declared. A number as written fits any unit in a sum; in a product it may be a conversion, so that from there on, as with
units that are not known, nothing is converted and nothing refused. The difference of two temperatures in Cel is in K.

## Memory

Totals, counters, running hours and starts go on after a restart. They are kept on disk every 30 seconds and at a clean stop: after a
kill or power cut at most a minute of a total or of running hours is missing. A counter loses nothing even then, nor over hours away, since it goes on
from the meter's reading. A total makes nothing up for the time away, nor for more than three periods and a second
between two computations. Changing the expression, or the unit of a tag that it reads, begins anew (\`LL-CALC-RESET\` in the log);
changing other points does not. A point that is taken out and put back goes on from where it was.

A counter judges each reading, in this order. An advance, over a wrap too, that \`maxPerHour\` allows since the reading last changed — and a minute more, as
meters refresh in steps — counts. A step back of at most a minute at that rate is waited out. A reading that can
have been counted from 0 since then is a reset and counts from 0. Everything else is an exchanged meter: counting goes on from its
reading, the jump itself counts nothing and is told in the log (\`LL-CALC-EXCHANGE\`). An advance is known only modulo the wrap, and the least one is
taken. Readings below 0, or not below the wrap, are left out, and the result is uncertain meanwhile.
`;

function signature(name: string, { parameters, open, remembers }: FunctionSpec): string {
  const names = parameters.map(({ name: own, otherwise }) => (otherwise === undefined ? own : `${own}?`));
  return `\`${name}(${names.join(', ')}${open ? ', …' : ''})\`${remembers ? ' ⏱' : ''}`;
}

/** What is taken when an argument is left out. */
function defaults({ parameters }: FunctionSpec): string {
  const text = (each: Parameter): string => {
    const { name, kind, otherwise } = each;
    if (otherwise === undefined) return '';
    if (kind === 'duration') return `${name}: '${otherwise / 60_000}min'`;
    return kind === 'time-unit' ? `${name}: 'h'` : `${name}: none`;
  };
  return parameters
    .map(text)
    .filter((each) => each !== '')
    .join('; ');
}

/** The page of expressions and functions of calculated points. */
export const calculatedPointsPage: Page = {
  file: 'ops/docs/reference/calculated-points.md',
  async render() {
    const rows = Object.entries<FunctionSpec>(functions).map(([name, spec]) => {
      const left = defaults(spec);
      return [
        signature(name, spec),
        `${spec.does}${left ? ` Left out: ${left}.` : ''}`,
        spec.unit,
        `\`${spec.example}\``,
      ];
    });
    return [
      head('Calculated points', 'the functions in edge/calculation/functions.ts', introduction),
      grammar,
      rules,
      '## Functions\n',
      "Windows are times of 1s to 1d in quotes, such as '5min'; units of time are 's', 'min', 'h', 'd' in quotes. Conditions and values are any expression.\n",
      table(['Function', 'Gives', 'Unit', 'Example'], rows),
    ].join('\n');
  },
};
