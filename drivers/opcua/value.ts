import type { DataValue } from 'node-opcua';
import { isBad, Quality, type QualityCode } from '../../edge/core/quality.ts';
import type { Place } from './nodes.ts';
import type { OpcuaStack } from './stack.ts';

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

/** The quality that an OPC UA status code stands for: by its reason where we know it, else by its severity. */
export function qualityOfStatus(statusCode: number): QualityCode {
  const severity = statusCode >>> 30;
  if (severity === 0) return Quality.good;
  const reason = reasons.get((statusCode & 0xffff_0000) >>> 0);
  return reason ?? (severity === 1 ? Quality.uncertain : Quality.bad);
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

/** Value and quality of what a server says; a value that is no number is bad for reason of configuration. */
export function sampleOf(
  stack: OpcuaStack,
  { statusCode, value: variant }: NotifiedValue,
  element: number | undefined,
): { readonly value: number; readonly quality: QualityCode } {
  const quality = qualityOfStatus(statusCode.value);
  const { dataType, arrayType } = variant;
  const isArray = arrayType !== stack.VariantArrayType.Scalar;
  const numeric = isNumeric(stack, dataType) && isArray === (element !== undefined);
  // of an array only the wanted element was asked for: an index range of one
  const plain: unknown = isArray ? variant.value?.[0] : variant.value;
  const value = numeric ? numberOf(plain, dataType === stack.DataType.Int64) : Number.NaN;
  return { value, quality: isBad(quality) || numeric ? quality : Quality.config };
}

/** Whether a data type holds a number, truth value or time: the built-in types 1–11 and 13 (Part 6, 5.1.2). */
function isNumeric(stack: OpcuaStack, dataType: number): boolean {
  return (dataType >= 1 && dataType <= 11) || dataType === stack.DataType.DateTime;
}
