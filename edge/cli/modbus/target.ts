import { InvalidArgumentError } from 'commander';
import { ModbusLine } from '../../../drivers/modbus/line.ts';
import { parseEndpoint, type TcpEndpoint } from '../../../drivers/modbus/place.ts';
import { realClock } from '../../core/clock.ts';

/** A Modbus device as the command line names it: `tcp://10.0.3.17:502/1`. */
export interface ModbusTarget {
  readonly endpoint: TcpEndpoint;
  readonly unit: number;
  /** `10.0.3.17:502 unit 1`, for messages. */
  readonly name: string;
}

/** `10.0.3.17:502`, `[fe80::1]:502`. */
export const endpointName = ({ host, port }: TcpEndpoint): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Reads `tcp://HOST[:PORT][/UNIT]` (port 502, unit 1 when left out) for commander. */
export function targetArgument(text: string): ModbusTarget {
  const match = /^(tcp:\/\/[^/\s]+)(?:\/(\d{1,3}))?$/.exec(text);
  const unit = Number(match?.[2] ?? 1);
  if (!match || unit > 255)
    throw new InvalidArgumentError('expected tcp://HOST:PORT/UNIT, such as tcp://10.0.3.17:502/1');
  try {
    const endpoint = parseEndpoint('the target', match[1] as string);
    return { endpoint, unit, name: `${endpointName(endpoint)} unit ${unit}` };
  } catch (cause) {
    throw new InvalidArgumentError(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Connects to a target for one command; the caller closes. Rejects with `LL-MODBUS-CONNECT`. */
export function openLine({ endpoint, name }: ModbusTarget, timeoutMs: number): Promise<ModbusLine> {
  const { signal } = new AbortController();
  return ModbusLine.open({ endpoint, target: name, timeoutMs, clock: realClock(), signal });
}
