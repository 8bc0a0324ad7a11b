import type { Remark } from '../../core/remark.ts';
import { peopleErrors } from './errors.ts';
import type { PeopleOptions } from './options.ts';
import { reviewWeek } from './roster-review.ts';

/** Names that nobody has, as errors; stretches of the week without anybody or with several shifts, as warnings. */
export function reviewPeople({ people, channels, roster }: PeopleOptions): readonly Remark[] {
  const persons = people.map(({ id }) => id);
  const roads = channels.map(({ id }) => id);
  return [
    ...people.flatMap((person, at) => unknown(['people', at, 'channels'], person.channels, roads, 'channel')),
    ...(['weekly', 'holidays', 'overrides'] as const).flatMap((list) =>
      roster[list].flatMap((shift, at) => unknown(['roster', list, at, 'people'], shift.people, persons, 'person')),
    ),
    ...twice(['people'], persons, 'person'),
    ...twice(['channels'], roads, 'channel'),
    ...reviewWeek(roster.weekly).map(({ kind, from, to }): Remark => {
      const what = kind === 'gap' ? 'nobody is on duty' : 'several shifts are on duty';
      const error = peopleErrors.create(kind === 'gap' ? 'GAP' : 'OVERLAP', `${what} from ${from} to ${to}`);
      return { path: ['roster', 'weekly'], severity: 'warning', error };
    }),
  ];
}

function unknown(path: Remark['path'], names: readonly string[], known: readonly string[], what: string): Remark[] {
  return names.flatMap((name, at) => {
    if (known.includes(name)) return [];
    const error = peopleErrors.create('NAME', `there is no ${what} "${name}"`);
    return [{ path: [...path, at], severity: 'error', error, fix: `one of: ${known.join(', ')}` }];
  });
}

function twice(path: Remark['path'], names: readonly string[], what: string): Remark[] {
  return names.flatMap((name, at) => {
    if (names.indexOf(name) === at) return [];
    return [
      {
        path: [...path, at, 'id'],
        severity: 'error',
        error: peopleErrors.create('NAME', `${what} "${name}" is there twice`),
      },
    ];
  });
}
