import type { PlcPoint } from '../city/plant.ts';
import type { Victim } from './victim.ts';

/** What a foreign client asks of a PLC. */
export type ClientRequest =
  | { readonly kind: 'read'; readonly point: PlcPoint }
  /** `value` in engineering units, for a point of numbers that can be written. */
  | { readonly kind: 'write'; readonly point: PlcPoint; readonly value: number }
  /** Something that a PLC hardly has: a function of Modbus at a unit and an address. OPC UA knows the address alone. */
  | { readonly kind: 'probe'; readonly unit: number; readonly code: number; readonly address: number };

/** The connections of one foreign client to one PLC. A request without a connection is lost. */
export interface ClientLines {
  /** Those that stand or are on their way. */
  readonly count: number;
  /** Tries to get one more; the PLC refuses it where no place is left, and is silent without supply. */
  open(): void;
  /** Ends the newest one, after all that was asked on it. */
  close(): void;
  send(request: ClientRequest): void;
  /** Ends all of them; calls `gone` when what was asked has been done and no connection is left. */
  leave(gone: () => void): void;
}

/** What leads foreign clients to PLCs: the memory of the city, or sockets. */
export interface ClientNetwork {
  /**
   * The lines of a client of this IPv4 address, none of them open yet.
   * @param nowMs city time, ms since epoch
   */
  linesTo(victim: Pick<Victim, 'plc' | 'self'>, address: string, nowMs: () => number): ClientLines;
}
