import type { SinkKind } from '../api.ts';
import { certificateFiles, reviewCertificates, tlsPlaces } from '../broker-certificates.ts';
import { reviewOrders } from '../order-review.ts';
import { natsOptions, serversOf } from './options.ts';
import { NatsSink } from './sink.ts';

const certificatePlaces = tlsPlaces('tls');

/** Events as CloudEvents, and values, to streams of NATS JetStream; orders of the centre back. */
export const nats: SinkKind = {
  name: 'nats',
  options: natsOptions,
  files: { ...certificateFiles, 'login.credentials': 'text' },
  certificates: certificatePlaces,
  review: (entry, nowMs) => [
    ...reviewCertificates(entry, certificatePlaces, serversOf(natsOptions.parse(entry)), nowMs),
    ...reviewOrders(entry, 'ordersKey', 'trustServer'),
  ],
  create: (id, options, host) => new NatsSink(id, natsOptions.parse(options), host),
};
