import type { SinkKind } from '../api.ts';
import { opcuaOptions, reviewOpcua } from './options.ts';
import { OpcuaSink } from './sink.ts';

/** Live values to whoever asks by OPC UA. */
export const opcua: SinkKind = {
  name: 'opcua',
  options: opcuaOptions,
  valuesOnly: true,
  review: (entry) => reviewOpcua(opcuaOptions.parse(entry)),
  create: (id, options, host) => new OpcuaSink(id, opcuaOptions.parse(options), host),
};
