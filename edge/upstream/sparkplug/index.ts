import type { SinkKind } from '../api.ts';
import { sparkplugOptions } from './options.ts';
import { SparkplugSink } from './sink.ts';

/** Live values as an edge node of Sparkplug B 3.0. */
export const sparkplug: SinkKind = {
  name: 'sparkplug',
  options: sparkplugOptions,
  create: (id, options, host) => new SparkplugSink(id, sparkplugOptions.parse(options), host),
};
