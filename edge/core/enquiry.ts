import type { Text } from './text.ts';

/** Registers, or bits, that no point need name. */
export interface RegisterEnquiry {
  readonly kind: 'registers';
  readonly table: 'coil' | 'discrete' | 'input' | 'holding';
  /** Zero-based address on the wire. */
  readonly address: number;
  /** 1 to `maxRegistersAsked`. */
  readonly count: number;
  /** Unit that the value should have, by which its types and orders are judged; empty where nobody knows. */
  readonly unit: string;
}

/** The nodes right below a node of a server. */
export interface NodeEnquiry {
  readonly kind: 'nodes';
  readonly node: string;
}

/** What a person asks of a device when it is put into service. It only reads. */
export type Enquiry = RegisterEnquiry | NodeEnquiry;

/** Registers of one enquiry at most: four of the widest values. */
export const maxRegistersAsked = 16;
/** Nodes of one answer at most. */
export const maxNodesTold = 500;

/** One way to read registers. */
export interface RegisterReading {
  readonly type: string;
  readonly order: string;
  /** Engineering = raw × scale. */
  readonly scale: number;
  /** Raw, of the last reading, and of the one before: its numbers, or its one text. */
  readonly values: readonly (number | string)[];
  readonly before: readonly (number | string)[];
  /** 0..1; from 0.5 on it looks like a physical value. */
  readonly score: number;
  /** What speaks for it or against it. */
  readonly why: Text;
}

/** A node of a server. */
export interface ToldNode {
  readonly node: string;
  readonly name: string;
  /** Object or Variable. */
  readonly class: string;
  /** Of a variable; empty for others. */
  readonly type: string;
  readonly value: string;
  readonly quality: string;
  readonly unit: string;
  readonly writable: boolean;
  readonly description: string;
}

export type EnquiryAnswer =
  | {
      readonly kind: 'registers';
      /** Two readings, one after the other, as on the wire; bits as 0 and 1. */
      readonly before: readonly number[];
      readonly cells: readonly number[];
      /** The likeliest first; none for bits. */
      readonly readings: readonly RegisterReading[];
    }
  | {
      readonly kind: 'nodes';
      readonly nodes: readonly ToldNode[];
      /** Whether there are more than are told. */
      readonly cut: boolean;
    };
