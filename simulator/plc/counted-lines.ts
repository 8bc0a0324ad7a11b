import { seededRandom } from '../../edge/core/random.ts';
import type { ClientLines, ClientNetwork, ClientRequest } from './client-lines.ts';
import { answerModbus, type ModbusUnit } from './modbus-answer.ts';
import { modbusRequest } from './modbus-request.ts';
import { createRegisterImage } from './register-image.ts';
import { createScan } from './scan.ts';
import { isPowered } from './server.ts';
import { clientNumber } from './traffic.ts';
import type { Victim } from './victim.ts';

/**
 * Lines without length, in the PLC's own count of clients: what a client in the city itself has. Modbus requests are
 * answered by what answers those on sockets; those by OPC UA are counted without messages.
 */
class CountedLines implements ClientLines {
  private readonly victim: Pick<Victim, 'plc' | 'self'>;
  private readonly client: number;
  private readonly nowMs: () => number;
  private unit: ModbusUnit | undefined;

  constructor(victim: Pick<Victim, 'plc' | 'self'>, address: string, nowMs: () => number) {
    this.victim = victim;
    this.client = clientNumber(address);
    this.nowMs = nowMs;
  }

  get count(): number {
    return this.victim.self.traffic.heldBy(this.client);
  }

  open(): void {
    const { plc, self } = this.victim;
    if (!isPowered(plc)) return;
    if (self.traffic.connections < self.places) self.traffic.connect(this.client);
    else self.traffic.refused++;
  }

  close(): void {
    this.victim.self.traffic.disconnect(this.client);
  }

  send(request: ClientRequest): void {
    const { plc } = this.victim;
    if (this.count === 0 || !isPowered(plc)) return;
    if (plc.protocol === 'opcua') this.sendByOpcua(request);
    else this.sendByModbus(request);
  }

  leave(gone: () => void): void {
    while (this.count > 0) this.close();
    gone();
  }

  private sendByModbus(request: ClientRequest): void {
    const { plc, self } = this.victim;
    const { unit, pdu } = modbusRequest(request, plc);
    this.unit ??= this.meet();
    const asking = { client: this.client, traffic: self.traffic, nowMs: this.nowMs() };
    answerModbus(pdu, unit === plc.unit ? this.unit : undefined, asking);
  }

  private sendByOpcua(request: ClientRequest): void {
    const { self } = this.victim;
    self.traffic.requests++;
    if (request.kind === 'probe') self.traffic.exceptions++;
    if (request.kind !== 'write') return;
    self.traffic.wrote(this.client, this.nowMs());
    if (self.controller.obeys) request.point.write?.(request.value);
  }

  /** The registers of the PLC; what stands in them nobody sees, so they need no scan of their own time. */
  private meet(): ModbusUnit {
    const { plc } = this.victim;
    const image = createRegisterImage(createScan(plc, seededRandom(0)));
    image.refresh();
    return { plc, image };
  }
}

/** Foreign clients live in the city itself: whoever serves its PLCs, in whatever thread, finds them in their counts. */
export const countedNetwork: ClientNetwork = {
  linesTo: (victim, address, nowMs) => new CountedLines(victim, address, nowMs),
};
