import { defineErrors } from '../core/errors.ts';

export const calculationErrors = defineErrors('CALC', {
  SYNTAX: {
    cause: 'The expression of a calculated point cannot be read.',
    retry: false,
    next: 'Mend the place that is named; the reference of calculated points tells the grammar.',
    nextZh: '请修改所指的位置；语法见计算点参考手册。',
  },
  NAME: {
    cause: 'The expression uses a tag or a function that does not exist.',
    retry: false,
    next: 'Use the suggested name; tags stand in brackets, as in [ps-3/flow].',
    nextZh: '请使用建议的名称；点写在方括号中，如 [ps-3/flow]。',
  },
  ARGUMENT: {
    cause: 'A function of the expression has too few or too many arguments, or one of the wrong kind.',
    retry: false,
    next: 'Call the function as the reference of calculated points shows.',
    nextZh: '请按计算点参考手册调用函数。',
  },
  UNIT: {
    cause: 'The expression mixes quantities of different dimension, or its result cannot be in the declared unit.',
    retry: false,
    next: 'Correct the expression, the unit of the calculated point, or the unit in the point table.',
    nextZh: '请修改表达式、计算点的单位或点表中的单位。',
  },
  CYCLE: {
    cause: 'Calculated points use each other in a circle.',
    retry: false,
    next: 'Take one of the named points out of the circle.',
    nextZh: '请把其中一个点移出循环。',
  },
  LIMIT: {
    cause: 'The expression is longer, deeper or larger than allowed.',
    retry: false,
    next: 'Split it over several calculated points; they may use each other.',
    nextZh: '请拆成多个计算点，它们可以互相引用。',
  },
  RESET: {
    cause:
      'The expression of a calculated point, or a unit that it reads, was changed: what it had summed up means something else now.',
    retry: false,
    next: 'Nothing, when that was meant; otherwise put the expression back before the gateway runs on.',
  },
  EXCHANGE: {
    cause: 'A meter jumped further than its greatest rate allows: it was exchanged, or its reading is wrong.',
    retry: false,
    next: 'Compare with the meter on site; the jump was not counted as consumption.',
  },
});
