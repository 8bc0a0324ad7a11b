import { defineErrors } from '../../edge/core/errors.ts';

export const scenarioErrors = defineErrors('SCENARIO', {
  KIND: {
    cause: 'A scenario wants a kind of happening that this city does not play.',
    retry: false,
    next: 'Use the suggested kind, or build the utility that plays it; ops/docs/reference/happenings.md lists all kinds.',
  },
  TARGET: {
    cause: 'A happening is to befall something that this city does not have, or to which its kind cannot happen.',
    retry: false,
    next: 'Use the suggested target; the message names some that are possible.',
  },
  TIME: {
    cause: 'The times of a happening cannot be read or contradict each other or the start of the city.',
    retry: false,
    next: 'Write a duration such as 20s or 2h after the start, or a time with its offset such as 2027-01-12T18:00:00+08:00.',
  },
  SIZE: {
    cause: 'The size of a happening is missing, or outside what is usual for its kind.',
    retry: false,
    next: "Give a size within the kind's range, in the unit that is named.",
  },
  OVERLAP: {
    cause: 'The same kind of happening befalls the same target twice at the same time.',
    retry: false,
    next: 'Let the first end before the second begins, or make one larger.',
  },
});
