import type { Type } from 'protobufjs';

/** A property of a metric; the value stands in the field that its datatype asks for. */
export interface PropertyValue {
  readonly type: number;
  readonly intValue?: number;
  readonly doubleValue?: number;
  readonly stringValue?: string;
}

export interface PropertySet {
  readonly keys: readonly string[];
  readonly values: readonly PropertyValue[];
}

/** The value of a metric or parameter, in the field that its datatype asks for. */
export interface ValueFields {
  intValue?: number;
  /** 64 bits; negative ones are sent as two's complement, as the schema has no signed field. */
  longValue?: number | Long;
  floatValue?: number;
  doubleValue?: number;
  booleanValue?: boolean;
  stringValue?: string;
}

/** 64 bits as the decoder gives them. */
export interface Long {
  readonly low: number;
  readonly high: number;
}

export interface Parameter extends ValueFields {
  readonly name: string;
  readonly type: number;
}

export interface Template {
  readonly version?: string;
  readonly metrics: readonly Metric[];
  readonly parameters?: readonly Parameter[];
  readonly templateRef?: string;
  readonly isDefinition: boolean;
}

export interface Metric extends ValueFields {
  name?: string;
  alias?: number | Long;
  /** ms since epoch. */
  timestamp?: number;
  datatype?: number;
  isHistorical?: boolean;
  isNull?: boolean;
  properties?: PropertySet;
  templateValue?: Template;
}

export interface Payload {
  /** ms since epoch. */
  readonly timestamp?: number | Long;
  readonly metrics: readonly Metric[];
  readonly seq?: number;
}

/** Payloads as bytes and back. */
export interface PayloadCodec {
  encode(payload: Payload): Buffer;
  encodeMetric(metric: Metric): Uint8Array;
  /** Throws on bytes that are no payload. */
  decode(bytes: Uint8Array): Payload;
}

const field = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: 'repeated', type, id });

/** Value fields of a message whose first of them has the number `first` (Sparkplug 3.0 §6.4.1, `oneof value`). */
const valueFields = (first: number) => ({
  intValue: field('uint32', first),
  longValue: field('uint64', first + 1),
  floatValue: field('float', first + 2),
  doubleValue: field('double', first + 3),
  booleanValue: field('bool', first + 4),
  stringValue: field('string', first + 5),
});

/**
 * The schema of payloads (Sparkplug 3.0 §6.4.1, package org.eclipse.tahu.protobuf), without data sets, files and
 * extensions, which this node neither sends nor takes: a decoder passes over them.
 */
const schema = {
  nested: {
    Payload: {
      edition: 'proto2', // else a 0 or false would be left out
      fields: { timestamp: field('uint64', 1), metrics: many('Metric', 2), seq: field('uint64', 3) },
      nested: {
        Parameter: { fields: { name: field('string', 1), type: field('uint32', 2), ...valueFields(3) } },
        Template: {
          fields: {
            version: field('string', 1),
            metrics: many('Metric', 2),
            parameters: many('Parameter', 3),
            templateRef: field('string', 4),
            isDefinition: field('bool', 5),
          },
        },
        PropertyValue: { fields: { type: field('uint32', 1), isNull: field('bool', 2), ...valueFields(3) } },
        PropertySet: { fields: { keys: many('string', 1), values: many('PropertyValue', 2) } },
        Metric: {
          fields: {
            name: field('string', 1),
            alias: field('uint64', 2),
            timestamp: field('uint64', 3),
            datatype: field('uint32', 4),
            isHistorical: field('bool', 5),
            isTransient: field('bool', 6),
            isNull: field('bool', 7),
            properties: field('PropertySet', 9),
            ...valueFields(10),
            templateValue: field('Template', 18),
          },
        },
      },
    },
  },
};

/** Loads the encoder: a gateway without Sparkplug does without its memory. */
export async function loadCodec(): Promise<PayloadCodec> {
  const { default: protobuf } = await import('protobufjs/light.js');
  const root = protobuf.Root.fromJSON(schema);
  const type: Type = root.lookupType('Payload');
  const metricType: Type = root.lookupType('Payload.Metric');
  return {
    encode: (payload) => type.encode(payload as unknown as Record<string, unknown>).finish() as Buffer,
    encodeMetric: (metric) => metricType.encode(metric as unknown as Record<string, unknown>).finish(),
    decode: (bytes) => type.decode(bytes) as unknown as Payload,
  };
}

/** 64 bits without sign as a number. */
export function unsignedOf(value: number | Long): number {
  return typeof value === 'number' ? value : (value.high >>> 0) * 2 ** 32 + (value.low >>> 0);
}

/** 64 bits with sign as a number. */
export function signedOf(value: number | Long): number {
  return typeof value === 'number' ? value : (value.high | 0) * 2 ** 32 + (value.low >>> 0);
}
