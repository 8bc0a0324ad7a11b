import type { PlcPoint } from '../city/plant.ts';
import type { ClientLines } from './client-lines.ts';

/** A client of a PLC besides its gateway: an intruder, an engineer. What it does goes over whatever lines it has. */
export class ForeignClient {
  private readonly lines: ClientLines;

  constructor(lines: ClientLines) {
    this.lines = lines;
  }

  /** Has so many connections from now on; tries once for each that it lacks. */
  hold(connections: number): void {
    for (let missing = connections - this.lines.count; missing > 0; missing--) this.lines.open();
    for (let left = this.lines.count - connections; left > 0; left--) this.lines.close();
  }

  /** Tries to connect so many times more and keeps what it gets. */
  grasp(attempts: number): void {
    for (let left = attempts; left > 0; left--) this.lines.open();
  }

  read(point: PlcPoint): void {
    this.lines.send({ kind: 'read', point });
  }

  /** Writes an engineering value to a point that can be written. */
  write(point: PlcPoint, value: number): void {
    this.lines.send({ kind: 'write', point, value });
  }

  /** Asks for what the PLC hardly has: function `code` of Modbus at a unit and an address. */
  probe(unit: number, code: number, address: number): void {
    this.lines.send({ kind: 'probe', unit, code, address });
  }

  /** Goes; `gone` is called when all that it asked is done and no connection of its own is left. */
  leave(gone: () => void = () => undefined): void {
    this.lines.leave(gone);
  }
}
