import type { DataValue } from 'node-opcua';
import { isBad, isBrokenInput, Quality, type QualityCode, qualityOfNoValue } from '../../edge/core/quality.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { isTextType } from '../api.ts';
import type { Place } from './nodes.ts';
import type { OpcuaStack } from './stack.ts';
import { textOf } from './text.ts';

/** Single status codes that say more than their severity (OPC UA Part 4, 7.39.2; Part 8, 6.3). */
const reasons = new Map<number, QualityCode>([
  [0x4091_0000, Quality.substituted], // UncertainSubstituteValue
  [0x4094_0000, Quality.outOfRange], // UncertainEngineeringUnitsExceeded
  [0x8005_0000, Quality.comm], // BadCommunicationError
  [0x8031_0000, Quality.comm], // BadNoCommunication
  [0x8032_0000, Quality.notConnected], // BadWaitingForInitialData
  [0x808a_0000, Quality.notConnected], // BadNotConnected
  [0x808b_0000, Quality.device], // BadDeviceFailure
  [0x808c_0000, Quality.device], // BadSensorFailure
  [0x808d_0000, Quality.device], // BadOutOfService
  [0x801f_0000, Quality.config], // BadUserAccessDenied
  [0x8033_0000, Quality.config], // BadNodeIdInvalid
  [0x8034_0000, Quality.config], // BadNodeIdUnknown
  [0x8035_0000, Quality.config], // BadAttributeIdInvalid
  [0x803a_0000, Quality.config], // BadNotReadable
  [0x8089_0000, Quality.config], // BadConfigurationError
]);

/** Limit bits of a status code that is about a data value (Part 4, 7.39.1): at which end of its range the instrument is. */
const limitBits = 0x0700;
const ends = new Map<number, QualityCode>([
  [0x0500, Quality.underRange],
  [0x0600, Quality.overRange],
]);

/** The quality that an OPC UA status code stands for: by its reason where we know it, else by its severity. */
export function qualityOfStatus(statusCode: number): QualityCode {
  const severity = statusCode >>> 30;
  if (severity === 0) return Quality.good;
  const reason = reasons.get((statusCode & 0xffff_0000) >>> 0) ?? (severity === 1 ? Quality.uncertain : Quality.bad);
  return isBrokenInput(reason) ? (ends.get(statusCode & limitBits) ?? reason) : reason;
}

const twoTo32 = 4_294_967_296;

/**
 * The number in a variant's value, or NaN when it is none: booleans are 0 and 1, times ms since epoch. The stack gives
 * 64-bit integers as pairs of unsigned halves, high first; `signed` tells Int64.
 */
export function numberOf(value: unknown, signed: boolean): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.getTime();
  if (!Array.isArray(value) || value.length !== 2) return Number.NaN;
  const [high, low] = value as readonly unknown[];
  if (typeof high !== 'number' || typeof low !== 'number') return Number.NaN;
  return (signed ? high | 0 : high) * twoTo32 + low;
}

/** What to ask a server for to have the value of a place. */
export function attributeOf(stack: OpcuaStack, { node, element }: Pick<Place, 'node' | 'element'>) {
  const value = { nodeId: node, attributeId: stack.AttributeIds.Value };
  return element === undefined ? value : { ...value, indexRange: new stack.NumericRange(String(element)) };
}

/** What is read of a data value of the stack. */
export interface NotifiedValue {
  readonly statusCode: { readonly value: number };
  readonly value: Pick<DataValue['value'], 'dataType' | 'arrayType' | 'value'>;
  readonly sourceTimestamp?: Date | null;
  readonly serverTimestamp?: Date | null;
}

/** What a server says of one place. */
export interface Sample {
  /** NaN where the quality is bad; of a text the number that stands for it. */
  readonly value: number;
  readonly quality: QualityCode;
  /** Of a point of a text type; absent where the quality is bad. */
  readonly text?: string;
  /** Why the point cannot take what its node holds: a word for its data type and what would help. */
  readonly misfit?: string;
}

/** Longer texts are cut: a tag holds a name, a number, a message, not a document. */
const maxTextLength = 1000;

/** Value and quality of what a server says; a value of another kind than the point's type is bad for reason of configuration. */
export function sampleOf(stack: OpcuaStack, { statusCode, value: variant }: NotifiedValue, place: Place): Sample {
  const quality = qualityOfStatus(statusCode.value);
  if (isBad(quality)) return { value: Number.NaN, quality };
  const { dataType, arrayType } = variant;
  // good, but empty: the source of the node has given nothing yet
  if (dataType === stack.DataType.Null) return { value: Number.NaN, quality: Quality.notConnected };
  const isArray = arrayType !== stack.VariantArrayType.Scalar;
  const wantsText = isTextType(place.point.type);
  if (isArray === (place.element !== undefined)) {
    // of an array only the wanted element was asked for: an index range of one
    const plain: unknown = isArray ? variant.value?.[0] : variant.value;
    if (wantsText) {
      const text = textOf(stack, dataType, plain)?.slice(0, maxTextLength);
      if (text !== undefined) return { value: textValue(text), quality, text };
    } else if (isNumeric(stack, dataType)) {
      const value = numberOf(plain, dataType === stack.DataType.Int64);
      if (Number.isFinite(value)) return { value, quality };
      return { value: Number.NaN, quality: qualityOfNoValue(value) };
    }
  }
  const misfit = misfitOf(stack, dataType, isArray, place.element);
  return { value: Number.NaN, quality: Quality.config, misfit };
}

/** Whether a data type holds a number, truth value or time: the built-in types 1–11 and 13 (Part 6, 5.1.2). */
function isNumeric(stack: OpcuaStack, dataType: number): boolean {
  return (dataType >= 1 && dataType <= 11) || dataType === stack.DataType.DateTime;
}

function misfitOf(stack: OpcuaStack, dataType: number, isArray: boolean, element: number | undefined): string {
  const name = String(stack.DataType[dataType]);
  if (isArray && element === undefined) return `an array of ${name}; name one element of it by [n]`;
  if (!isArray && element !== undefined) return `${name}, no array; leave [${element}] away`;
  if (isNumeric(stack, dataType)) return `${name}, a number; give it a type of numbers`;
  if (textOf(stack, dataType, undefined) !== undefined) return `${name}, a text; give it the type string-utf8`;
  return `${name}, neither a number nor a text`;
}
