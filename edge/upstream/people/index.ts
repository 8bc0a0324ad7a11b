import type { SinkKind } from '../api.ts';
import { reviewOrders } from '../order-review.ts';
import { peopleOptions } from './options.ts';
import { reviewPeople } from './review.ts';
import { PeopleSink } from './sink.ts';

/** Alarms to the people on duty, until one of them acknowledges. */
export const people: SinkKind = {
  name: 'people',
  options: peopleOptions,
  files: { secretFile: 'text' },
  review: (entry) => [...reviewOrders(entry, 'secretFile'), ...reviewPeople(peopleOptions.parse(entry))],
  create: (id, options, host) => new PeopleSink(id, peopleOptions.parse(options), host),
};
