import type { SinkKind } from '../api.ts';
import { natsOptions } from './options.ts';
import { NatsSink } from './sink.ts';

/** Events as CloudEvents to a stream of NATS JetStream. */
export const nats: SinkKind = {
  name: 'nats',
  options: natsOptions,
  create: (id, options, host) => new NatsSink(id, natsOptions.parse(options), host),
};
