import type { SinkKind } from '../api.ts';
import { certificateFiles, reviewCertificates } from '../broker-certificates.ts';
import { sparkplugOptions } from './options.ts';
import { SparkplugSink } from './sink.ts';

/** Live values as an edge node of Sparkplug B 3.0. */
export const sparkplug: SinkKind = {
  name: 'sparkplug',
  options: sparkplugOptions,
  files: certificateFiles,
  review(entry: { readonly documents?: Readonly<Record<string, unknown>> }) {
    const { tls, servers } = sparkplugOptions.parse(entry);
    return reviewCertificates({ tls }, servers, entry.documents);
  },
  create: (id, options, host) => new SparkplugSink(id, sparkplugOptions.parse(options), host),
};
