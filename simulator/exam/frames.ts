import type { Happening, HappeningKind, PlantAsset, Plc, PlcPoint, Truth } from '../city/plant.ts';

/** A PLC as one thread describes it to another: all of it that is data. */
export interface DescribedPlc extends Omit<Plc, 'points' | 'powered' | 'instruments' | 'controller'> {
  readonly points: readonly DescribedPoint[];
}

interface DescribedPoint extends Omit<PlcPoint, 'read' | 'write' | 'text'> {
  readonly writable: boolean;
}

/** A built city. */
export interface DescribedCity {
  readonly assets: readonly PlantAsset[];
  readonly kinds: readonly HappeningKind[];
  readonly plcs: readonly DescribedPlc[];
}

/** The large part of a stretch, which goes to and fro between two threads. */
export interface Columns {
  /** Raw values of all points of all PLCs, frame after frame. */
  readonly raw: Float64Array;
  /** 1 for each PLC that has its supply, frame after frame. */
  readonly powered: Uint8Array;
}

/** Several steps in a row, one frame each. */
export interface Stretch extends Columns {
  readonly frames: number;
  /** What happened and what a point reads now where it holds a text and it changed, with the number of the frame. */
  readonly truths: readonly (readonly [frame: number, truth: Truth])[];
  readonly texts: readonly (readonly [frame: number, place: number, text: string])[];
  /** Where a source time turned into another than that of its scan, ms since epoch, or (null) is that again. */
  readonly stamps: readonly (readonly [frame: number, place: number, timeMs: number | null])[];
}

/** To the thread of a city; `more` asks for one stretch, in the columns of one that is done with. */
export type CityRequest =
  | { readonly type: 'play'; readonly happenings: readonly Happening[] }
  | { readonly type: 'more'; readonly into?: Columns };

/** From the thread of a city. */
export type CityReply =
  | { readonly type: 'built'; readonly city: DescribedCity; readonly first: Stretch }
  | { readonly type: 'stretch'; readonly stretch: Stretch };

/** The data of a PLC, without what only its own thread can call. */
export function describePlc({
  points,
  powered: _powered,
  instruments: _instruments,
  controller: _controller,
  ...plc
}: Plc): DescribedPlc {
  return {
    ...plc,
    points: points.map(({ read: _read, write, text: _text, ...point }) => ({
      ...point,
      writable: write !== undefined,
    })),
  };
}

/** The memory of columns, to be handed over with them. */
export const memoryOf = ({ raw, powered }: Columns): ArrayBuffer[] => [
  raw.buffer as ArrayBuffer,
  powered.buffer as ArrayBuffer,
];
