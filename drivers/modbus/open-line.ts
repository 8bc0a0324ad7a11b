import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { SerialPort } from 'serialport';
import { errorWithin } from '../../edge/core/errors.ts';
import { both } from '../../edge/core/text.ts';
import type { DriverHost } from '../api.ts';
import { connectTcp } from './connect.ts';
import { modbusErrors } from './errors.ts';
import { describeLine, type LineEndpoint, type SerialEndpoint } from './place.ts';
import { RtuLine } from './rtu.ts';
import { TerminalPort } from './terminal-port.ts';

/** Start, eight data bits, parity or a second stop bit, stop: a character on the line (Modbus over Serial Line 1.02, 2.5.1). */
const bitsPerCharacter = 11;
const quietCharacters = 3.5;
/** Above this rate the silence between frames is a fixed time (2.5.1.1). */
const fixedQuietAboveBaud = 19_200;
const fixedQuietMs = 1.75;
/** A read request of 8 characters, the 5 of an answer that are not registers, and two silences. */
const requestCharacters = 8 + 5 + 2 * quietCharacters;

/** The last line of each serial port, and when it has let go of the port: until then the port is locked. */
const ports = new Map<string, { readonly line: Duplex; readonly free: Promise<void> }>();

const characterMs = (baud: number) => (bitsPerCharacter / baud) * 1000;

/** Opens the line of an endpoint as a stream that speaks Modbus TCP. Rejects with `LL-MODBUS-CONNECT`; `signal` aborts. */
export async function openLine(
  endpoint: LineEndpoint,
  target: string,
  { clock, line: inMemory }: Pick<DriverHost, 'clock' | 'line'>,
  signal: AbortSignal,
): Promise<Duplex> {
  if (inMemory) {
    const line = inMemory(describeLine(endpoint));
    return endpoint.kind === 'tcp' ? line : new RtuLine(line, { clock, quietMs: 0 });
  }
  if (endpoint.kind === 'serial') {
    const { baud } = endpoint;
    const quietMs = baud > fixedQuietAboveBaud ? fixedQuietMs : quietCharacters * characterMs(baud);
    const port = await openSerial(endpoint, target, signal);
    const line = new RtuLine(port, { clock, quietMs });
    // a destroyed port stays open
    const free = new Promise<void>((done) =>
      line.once('close', () => (port.isOpen ? port.close(() => done()) : done())),
    );
    ports.set(endpoint.path, { line, free });
    return line;
  }
  if (endpoint.kind === 'dtu') {
    const line = TerminalPort.take(endpoint, endpoint.terminal, clock);
    if (line) return new RtuLine(line, { clock, quietMs: 0 });
    throw modbusErrors.create(
      'CONNECT',
      both(`connect to ${target}: the terminal has not dialled in`, `连接 ${target}：终端尚未接入`),
    );
  }
  const socket = await connectTcp(endpoint, target, clock, signal);
  return endpoint.kind === 'tcp' ? socket : new RtuLine(socket, { clock, quietMs: 0 });
}

/** What one more request and one more register cost on a serial line, ms; undefined where the network sets the pace. */
export function serialCosts(endpoint: LineEndpoint): { requestMs: number; registerMs: number } | undefined {
  if (endpoint.kind !== 'serial') return undefined;
  const oneMs = characterMs(endpoint.baud);
  return { requestMs: requestCharacters * oneMs, registerMs: 2 * oneMs };
}

async function openSerial(endpoint: SerialEndpoint, target: string, signal: AbortSignal): Promise<SerialPort> {
  // the binding is native code, which a gateway without serial lines never loads
  const { SerialPort: Port } = await import('serialport');
  const { path, baud, parity, dataBits, stopBits } = endpoint;
  const before = ports.get(path);
  if (before?.line.destroyed) await before.free;
  const port = new Port({ path, baudRate: baud, parity, dataBits, stopBits, autoOpen: false });
  try {
    const opened = once(port, 'open', { signal });
    port.open();
    await opened;
    return port;
  } catch (cause) {
    port.on('error', () => undefined);
    if (port.isOpen) port.close();
    const why = errorWithin(cause);
    const text = both(
      `open ${path} for ${target}: ${why.en}; check the path, that the user may open it (group dialout) and that nothing else has`,
      `为 ${target} 打开 ${path}：${why.zh}；请检查路径、用户权限（dialout 组），以及是否被别的程序占用`,
    );
    throw modbusErrors.create('CONNECT', text, cause);
  }
}
