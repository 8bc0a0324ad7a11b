import type { SinkKind } from '../api.ts';
import { reviewCertificates } from '../broker-certificates.ts';
import { reviewOrders } from '../order-review.ts';
import { mappingSpec } from './mapping-spec.ts';
import { webhookOptions } from './options.ts';
import { WebhookSink } from './sink.ts';

const certificatePlaces = { ca: 'ca', cert: 'certificate', key: 'key', encryptedBy: 'https' };

/** Events as CloudEvents, or as cases of a city's platform, over HTTPS, signed, to any receiver. */
export const webhook: SinkKind = {
  name: 'webhook',
  options: webhookOptions,
  files: {
    mapping: { schema: mappingSpec, shipped: 'platforms' },
    ...{ secretFile: 'text', tokenFile: 'text', ca: 'text', certificate: 'text', key: 'text' },
  },
  certificates: certificatePlaces,
  review: (entry, nowMs) => [
    ...reviewCertificates(entry, certificatePlaces, [webhookOptions.parse(entry).url], nowMs),
    ...reviewOrders(entry, 'secretFile'),
  ],
  create: (id, options, host) => new WebhookSink(id, webhookOptions.parse(options), host),
};
