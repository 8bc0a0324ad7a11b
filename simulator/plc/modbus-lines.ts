import type { Socket } from 'node:net';
import { encodeMbap, MbapReader } from '../../drivers/modbus/frame.ts';
import type { Plc } from '../city/plant.ts';
import type { ClientLines, ClientRequest } from './client-lines.ts';
import { modbusRequest } from './modbus-request.ts';

/** Connections that one client may have on their way, and requests that it leaves unanswered on one; what is beyond is not tried (design choices). */
const [mostOpening, mostUnanswered] = [64, 1024];

/** A connection by TCP. What is asked before it stands goes out when it does. */
class ModbusConnection {
  readonly socket: Socket;
  private readonly reader = new MbapReader();
  private unanswered = 0;
  private transaction = 0;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    // A reset is what a PLC says that has no place or no supply; the stream closes after it.
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Uint8Array) => this.count(chunk));
  }

  ask(unit: number, pdu: Uint8Array): void {
    if (this.unanswered >= mostUnanswered) return;
    this.unanswered++;
    this.transaction = (this.transaction + 1) % 65_536;
    this.socket.write(encodeMbap(this.transaction, unit, pdu));
  }

  private count(chunk: Uint8Array): void {
    try {
      this.unanswered -= this.reader.push(chunk).length;
    } catch {
      // No frame: a device that answers badly is left.
      this.socket.destroy();
    }
  }
}

/** Lines by TCP to the Modbus server of a PLC, which meets and counts them like those of anybody else. */
export class ModbusLines implements ClientLines {
  private readonly plc: Plc;
  private readonly dial: () => Socket;
  private readonly lines: ModbusConnection[] = [];
  private readonly ending = new Set<Socket>();
  private gone: (() => void) | undefined;

  /** @param dial begins a connection to the server */
  constructor(plc: Plc, dial: () => Socket) {
    this.plc = plc;
    this.dial = dial;
  }

  get count(): number {
    return this.lines.length;
  }

  open(): void {
    const opening = this.lines.filter(({ socket }) => socket.connecting);
    if (opening.length >= mostOpening) return;
    const line = new ModbusConnection(this.dial());
    this.lines.push(line);
    line.socket.once('close', () => {
      const place = this.lines.indexOf(line);
      if (place >= 0) this.lines.splice(place, 1);
      this.ending.delete(line.socket);
      this.settle();
    });
  }

  close(): void {
    const line = this.lines.pop();
    if (!line) return;
    this.ending.add(line.socket);
    line.socket.end();
  }

  send(request: ClientRequest): void {
    const { unit, pdu } = modbusRequest(request, this.plc);
    this.lines[0]?.ask(unit, pdu);
  }

  leave(gone: () => void): void {
    while (this.count > 0) this.close();
    this.gone = gone;
    this.settle();
  }

  private settle(): void {
    if (this.count + this.ending.size > 0) return;
    this.gone?.();
    this.gone = undefined;
  }
}
