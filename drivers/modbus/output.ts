import { LifelineError } from '../../edge/core/errors.ts';
import type { DevicePoint, WriteOutcome } from '../api.ts';
import { type ModbusClient, prepareRead, prepareWrite } from './client.ts';
import { placesText } from './place.ts';
import { placesOf } from './planner.ts';
import { refusedBy } from './refusal.ts';
import { heldBy, planWrite } from './write.ts';

/** The device's and the link's part of every write. */
export interface OutputContext {
  readonly client: ModbusClient;
  readonly unit: number;
  /** For messages: `pump-7 (10.0.0.7:502 unit 3)`. */
  readonly target: string;
  /** Codes 15 and 16 only. */
  readonly multiple: boolean;
  /** Whether a point that is a bit of a register may be written by rewriting the register. */
  readonly bits: boolean;
}

/** Writes one raw value ahead of waiting reads. Never rejects: a link that ends leaves the outcome unknown. */
export async function writePoint(context: OutputContext, point: DevicePoint, raw: number): Promise<WriteOutcome> {
  const { client, unit, target, multiple, bits } = context;
  const places = placesOf(point);
  let sent = false;
  try {
    const current = bits && point.bit !== undefined ? (await readCells(context, point))[0] : undefined;
    const request = planWrite(point, raw, {
      ...(multiple ? { multiple } : {}),
      ...(current === undefined ? {} : { current }),
    });
    sent = true;
    const outcome = await client.urgent(prepareWrite(unit, point.table, point.address, places, request));
    if (outcome.kind === 'values') return { kind: 'done' };
    if (outcome.kind === 'timeout') return { kind: 'unknown', error: outcome.error };
    return {
      kind: 'refused',
      error: refusedBy(outcome.exception, 'write', target, placesText(point.table, point.address, places)),
    };
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
    return { kind: sent ? 'unknown' : 'refused', error };
  }
}

/** Reads one raw value ahead of waiting reads; rejects with a coded error when there is none. */
export async function readPoint(context: OutputContext, point: DevicePoint): Promise<number> {
  return heldBy(point, await readCells(context, point));
}

async function readCells({ client, unit, target }: OutputContext, point: DevicePoint): Promise<Uint16Array> {
  const { table, address } = point;
  const places = placesOf(point);
  const cells = new Uint16Array(places);
  const outcome = await client.urgent(prepareRead(unit, table, address, places), cells);
  if (outcome.kind === 'values') return cells;
  if (outcome.kind === 'timeout') throw outcome.error;
  throw refusedBy(outcome.exception, 'read', target, placesText(table, address, places));
}
