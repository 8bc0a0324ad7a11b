import type { DataType, Variant } from 'node-opcua';
import type { OpcuaStack } from './stack.ts';
import type { States } from './states.ts';

const twoTo32 = 4_294_967_296n;
const largestFloat = 3.402_823_466_385_288_6e38;
/** Width in bits and sign of the whole numbers of OPC UA (Part 6, 5.1.2). */
const wholes: Readonly<Record<string, readonly [bits: number, signed: boolean]>> = {
  ...{ SByte: [8, true], Byte: [8, false], Int16: [16, true], UInt16: [16, false] },
  ...{ Int32: [32, true], UInt32: [32, false], Int64: [64, true], UInt64: [64, false] },
};

/** A number as the stack writes it in a data type; throws RangeError with the bounds for what the type cannot hold. */
export function encodeNumber(stack: OpcuaStack, dataType: DataType, raw: number | bigint): unknown {
  const { DataType } = stack;
  const name = String(DataType[dataType]);
  const whole = wholes[name];
  if (whole) return encodeWhole(name, whole, raw);
  if (dataType === DataType.Boolean) return Number(raw) !== 0;
  if (dataType !== DataType.Float && dataType !== DataType.Double) throw new RangeError(`${name} takes no number`);
  const value = Number(raw);
  const fits = Number.isFinite(value) && (dataType === DataType.Double || Math.abs(value) <= largestFloat);
  if (!fits) throw new RangeError(`${raw} does not fit ${name}`);
  return dataType === DataType.Float ? Math.fround(value) : value;
}

function encodeWhole(name: string, [bits, signed]: readonly [number, boolean], raw: number | bigint): unknown {
  if (typeof raw === 'number' && !Number.isInteger(raw)) throw new RangeError(`${raw} is no whole number`);
  const value = BigInt(raw);
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = low + 2n ** BigInt(bits) - 1n;
  if (value < low || value > high) throw new RangeError(`${raw} does not fit ${name} (${low}…${high})`);
  if (bits < 64) return Number(value);
  // as the stack writes 64 bits: two unsigned halves, high first
  const pattern = BigInt.asUintN(64, value);
  return [Number(pattern / twoTo32), Number(pattern % twoTo32)];
}

/**
 * What a person wrote for a value of a data type: numbers, `true`, the name of a state, ISO 8601 for a DateTime, text as
 * it is. Throws RangeError that says what would be right.
 */
export function encodeText(stack: OpcuaStack, dataType: DataType, text: string, states: States | undefined): unknown {
  const { DataType } = stack;
  const name = String(DataType[dataType]);
  if (dataType === DataType.String) return text;
  if (dataType === DataType.LocalizedText) return new stack.LocalizedText({ text });
  if (dataType === DataType.DateTime) {
    const at = new Date(text);
    if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at.getTime())) {
      throw new RangeError(`"${text}" is no time; write it as 2026-11-25T08:00:00Z`);
    }
    return at;
  }
  if (dataType === DataType.Boolean && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const state = Object.entries(states ?? {}).find(([, label]) => label === text)?.[0];
  const written = state ?? text.trim();
  if (name in wholes && /^[+-]?\d+$/.test(written)) return encodeNumber(stack, dataType, BigInt(written));
  const number = written === '' ? Number.NaN : Number(written);
  if (Number.isNaN(number)) throw new RangeError(`"${text}" is no ${name}${offered(states)}`);
  if (dataType === DataType.Boolean && number !== 0 && number !== 1) throw new RangeError('a Boolean takes 0 or 1');
  return encodeNumber(stack, dataType, number);
}

const offered = (states: States | undefined) =>
  states
    ? `; states: ${Object.entries(states)
        .map(([number, label]) => `${number}=${label}`)
        .join(', ')}`
    : '';

/** A value alone, or as an array of one for an element of an array. */
export function variantOf(stack: OpcuaStack, dataType: DataType, value: unknown, element: number | undefined): Variant {
  const { Variant, VariantArrayType } = stack;
  if (element === undefined) return new Variant({ dataType, arrayType: VariantArrayType.Scalar, value });
  return new Variant({ dataType, arrayType: VariantArrayType.Array, value: [value] });
}
