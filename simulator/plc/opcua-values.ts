import { isTextType, isTimeType, type PointType } from '../../drivers/api.ts';
import type { PlcPoint } from '../city/plant.ts';

/** Built-in types of OPC UA (Part 6, 5.1.2) by ours; registers and orders mean nothing there. */
const types = { bool: 1, int16: 4, uint16: 5, int32: 6, uint32: 7, float32: 10 } as const satisfies Partial<
  Record<PointType, number>
>;
const [double, string, dateTime] = [11, 12, 13] as const;

/** The built-in type of a point's values; what a register map packs in a way of its own is a Double. */
export function builtInType(type: PointType): number {
  if (isTextType(type)) return string;
  if (isTimeType(type)) return dateTime;
  return type in types ? types[type as keyof typeof types] : double;
}

/** Whether a built-in type holds whole numbers: SByte to UInt64. */
export const isInteger = (builtIn: number): boolean => builtIn >= 2 && builtIn <= 9;

/** What a client is shown of a point whose scan gave `raw`. */
export function shownValue({ type, text }: PlcPoint, raw: number): number | boolean | string | Date {
  if (isTextType(type)) return text?.() ?? '';
  if (isTimeType(type)) return new Date(raw);
  return type === 'bool' ? raw !== 0 : raw;
}

/** Status of a value that the PLC takes for that of a broken instrument (Part 4, 7.39.2: Bad_SensorFailure). */
export const badSensorFailure = 0x808c_0000;

/** Whether a raw value says that its instrument is broken: not a number where a number should be. */
export const isBroken = ({ type }: PlcPoint, raw: number): boolean => Number.isNaN(raw) && !isTextType(type);
