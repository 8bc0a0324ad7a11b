import type { Remark } from '../../core/remark.ts';
import { both, type Text } from '../../core/text.ts';
import { peopleErrors } from './errors.ts';
import type { PeopleOptions } from './options.ts';
import { reviewWeek } from './roster-review.ts';

const person = both('person', '人员');
const channel = both('channel', '渠道');

/** Names that nobody has, as errors; stretches of the week without anybody or with several shifts, as warnings. */
export function reviewPeople({ people, channels, roster }: PeopleOptions): readonly Remark[] {
  const persons = people.map(({ id }) => id);
  const roads = channels.map(({ id }) => id);
  return [
    ...people.flatMap((one, at) => unknown(['people', at, 'channels'], one.channels, roads, channel)),
    ...(['weekly', 'holidays', 'overrides'] as const).flatMap((list) =>
      roster[list].flatMap((shift, at) => unknown(['roster', list, at, 'people'], shift.people, persons, person)),
    ),
    ...twice(['people'], persons, person),
    ...twice(['channels'], roads, channel),
    ...reviewWeek(roster.weekly).map(({ kind, from, to }): Remark => {
      const [code, what] =
        kind === 'gap'
          ? (['GAP', both('nobody is on duty', '无人值班')] as const)
          : (['OVERLAP', both('several shifts are on duty', '多个班次重叠')] as const);
      const error = peopleErrors.create(code, both(`${what.en} from ${from} to ${to}`, `${from} 至 ${to} ${what.zh}`));
      return { path: ['roster', 'weekly'], severity: 'warning', error };
    }),
  ];
}

function unknown(path: Remark['path'], names: readonly string[], known: readonly string[], what: Text): Remark[] {
  return names.flatMap((name, at) => {
    if (known.includes(name)) return [];
    const error = peopleErrors.create('NAME', both(`there is no ${what.en} "${name}"`, `没有${what.zh}“${name}”`));
    return [
      {
        path: [...path, at],
        severity: 'error',
        error,
        fix: both(`one of: ${known.join(', ')}`, `可用的有：${known.join('、')}`),
      },
    ];
  });
}

function twice(path: Remark['path'], names: readonly string[], what: Text): Remark[] {
  return names.flatMap((name, at) => {
    if (names.indexOf(name) === at) return [];
    return [
      {
        path: [...path, at, 'id'],
        severity: 'error',
        error: peopleErrors.create('NAME', both(`${what.en} "${name}" is there twice`, `${what.zh}“${name}”出现两次`)),
      },
    ];
  });
}
