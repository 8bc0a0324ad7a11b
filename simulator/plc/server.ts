import { simulatorErrors } from '../city/errors.ts';
import type { Plc } from '../city/plant.ts';

/** A running PLC server on a real socket of the loopback interface. */
export interface PlcServer {
  readonly plc: Plc;
  readonly port: number;
  /** `tcp://127.0.0.1:10502` or `opc.tcp://…`. */
  readonly endpoint: string;
  /** Shows clients the last scan, taken at `timeMs` (ms since epoch). */
  publish(timeMs: number): void;
  /** Drops all clients and frees the port; may be called twice. */
  close(): Promise<void>;
}

/** A PLC without supply answers nobody: its clients lose their connections and new ones are turned away. */
export const isPowered = (plc: Plc): boolean => plc.powered?.() ?? true;

/** Clients that one PLC serves at the same time; more are turned away, as real controllers do. */
export const places: Readonly<Record<Plc['protocol'], number>> = { 'modbus-tcp': 32, opcua: 10 };

/** Simulated PLCs listen on this machine only. */
export const plcHost = '127.0.0.1';

/** Turns a failed listen into a coded error that names PLC and port; anything else stays what it was. */
export function listenError(plc: Plc, port: number, cause: unknown): unknown {
  const text = cause instanceof Error ? `${(cause as NodeJS.ErrnoException).code} ${cause.message}` : String(cause);
  if (!text.includes('EADDRINUSE')) return cause;
  return simulatorErrors.create('PORT-TAKEN', `PLC ${plc.id} cannot listen on ${plcHost}:${port}: port taken`, cause);
}
