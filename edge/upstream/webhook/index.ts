import type { SinkKind } from '../api.ts';
import { webhookOptions } from './options.ts';
import { WebhookSink } from './sink.ts';

/** Events as CloudEvents over HTTPS, signed, to any receiver. */
export const webhook: SinkKind = {
  name: 'webhook',
  options: webhookOptions,
  files: { secretFile: 'text', tokenFile: 'text', ca: 'text', certificate: 'text', key: 'text' },
  create: (id, options, host) => new WebhookSink(id, webhookOptions.parse(options), host),
};
