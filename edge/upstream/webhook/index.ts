import type { SinkKind } from '../api.ts';
import { reviewOrders } from '../order-review.ts';
import { mappingSpec } from './mapping-spec.ts';
import { webhookOptions } from './options.ts';
import { WebhookSink } from './sink.ts';

/** Events as CloudEvents, or as cases of a city's platform, over HTTPS, signed, to any receiver. */
export const webhook: SinkKind = {
  name: 'webhook',
  options: webhookOptions,
  files: {
    mapping: { schema: mappingSpec, shipped: 'platforms' },
    ...{ secretFile: 'text', tokenFile: 'text', ca: 'text', certificate: 'text', key: 'text' },
  },
  review: (entry) => reviewOrders(entry, 'secretFile'),
  create: (id, options, host) => new WebhookSink(id, webhookOptions.parse(options), host),
};
