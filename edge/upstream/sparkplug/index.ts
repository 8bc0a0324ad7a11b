import type { SinkKind } from '../api.ts';
import { certificateFiles, reviewCertificates, tlsPlaces } from '../broker-certificates.ts';
import { sparkplugOptions } from './options.ts';
import { reviewNodes } from './review.ts';
import { SparkplugSink } from './sink.ts';

const certificatePlaces = tlsPlaces('mqtts');

/** Live values as an edge node of Sparkplug B 3.0. */
export const sparkplug: SinkKind = {
  name: 'sparkplug',
  options: sparkplugOptions,
  valuesOnly: true,
  files: certificateFiles,
  certificates: certificatePlaces,
  review: (entry, nowMs) => reviewCertificates(entry, certificatePlaces, sparkplugOptions.parse(entry).servers, nowMs),
  reviewTogether: reviewNodes,
  create: (id, options, host) => new SparkplugSink(id, sparkplugOptions.parse(options), host),
};
