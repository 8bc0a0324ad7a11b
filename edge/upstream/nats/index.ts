import type { Remark } from '../../core/remark.ts';
import type { SinkKind } from '../api.ts';
import { reviewOrders } from '../order-review.ts';
import { natsErrors } from './errors.ts';
import { natsOptions } from './options.ts';
import { NatsSink } from './sink.ts';

/** Events as CloudEvents, and values, to streams of NATS JetStream; orders of the centre back. */
export const nats: SinkKind = {
  name: 'nats',
  options: natsOptions,
  files: { credentials: 'text', ca: 'text', certificate: 'text', key: 'text' },
  review: (entry) => [...reviewOrders(entry, 'ordersKey', 'trustServer'), ...reviewLogin(entry)],
  create: (id, options, host) => new NatsSink(id, natsOptions.parse(options), host),
};

function reviewLogin({ login, credentials }: Readonly<Record<string, unknown>>): readonly Remark[] {
  if (login === undefined || credentials === undefined) return [];
  const error = natsErrors.create('CREDENTIALS', 'login and credentials are both given');
  return [{ path: ['credentials'], severity: 'error', error, fix: 'keep the one that the server asks for' }];
}
