import { InvalidArgumentError } from 'commander';
import { ModbusLine } from '../../../drivers/modbus/line.ts';
import { describeLine, type LineEndpoint, parseLine } from '../../../drivers/modbus/place.ts';
import { realClock } from '../../core/clock.ts';

/** A Modbus device as the command line names it: `tcp://10.0.3.17:502/1`. */
export interface ModbusTarget {
  readonly endpoint: LineEndpoint;
  readonly unit: number;
  /** `10.0.3.17:502 unit 1`, for messages. */
  readonly name: string;
}

export const targetForms = 'tcp://HOST:PORT/UNIT, rtu+tcp://HOST:PORT/UNIT or serial:///dev/ttyS0/UNIT?baud=9600';

/**
 * Reads `tcp://HOST[:PORT][/UNIT]` (port 502, unit 1 when left out), the same with `rtu+tcp`, or
 * `serial://PATH/UNIT[?baud=…&parity=…]`, for commander.
 */
export function targetArgument(text: string): ModbusTarget {
  const [, line, unitText = '1', settings = ''] =
    /^(serial:\/\/\/[^?\s]+)\/(\d{1,3})(\?\S*)?$/.exec(text) ??
    /^((?:rtu\+)?tcp:\/\/[^/\s]+)(?:\/(\d{1,3}))?$/.exec(text) ??
    [];
  const unit = Number(unitText);
  if (line === undefined || unit > 255) throw new InvalidArgumentError(`expected ${targetForms}`);
  try {
    const endpoint = parseLine('the target', line + settings);
    return { endpoint, unit, name: `${describeLine(endpoint)} unit ${unit}` };
  } catch (cause) {
    throw new InvalidArgumentError(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Connects to a target for one command; the caller closes. Rejects with `LL-MODBUS-CONNECT`. */
export function openLine({ endpoint, name }: ModbusTarget, timeoutMs: number): Promise<ModbusLine> {
  const { signal } = new AbortController();
  return ModbusLine.open({ endpoint, target: name, timeoutMs, clock: realClock(), signal });
}
