import { isTextType } from '../../drivers/api.ts';
import { encodeReadRequest, encodeWriteRequest } from '../../drivers/modbus/pdu.ts';
import { encodeValue, registersOf } from '../../drivers/modbus/registers.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { Plc, PlcPoint } from '../city/plant.ts';
import { answerModbus, type ModbusUnit } from './modbus-answer.ts';
import { createRegisterImage } from './register-image.ts';
import { createScan } from './scan.ts';
import { isPowered } from './server.ts';
import { clientNumber, type PlcTraffic } from './traffic.ts';

/**
 * A client of a PLC that lives in the city itself: an intruder, an engineer. The PLC answers its requests as it answers
 * those on its sockets, and counts them; where the PLC has no supply they fail.
 */
export class ForeignClient {
  private readonly plc: Plc;
  private readonly traffic: PlcTraffic;
  private readonly client: number;
  private readonly nowMs: () => number;
  private unit: ModbusUnit | undefined;
  private held = 0;

  /** @param nowMs city time, ms since epoch */
  constructor(plc: Plc, traffic: PlcTraffic, address: string, nowMs: () => number) {
    this.plc = plc;
    this.traffic = traffic;
    this.client = clientNumber(address);
    this.nowMs = nowMs;
  }

  /** Holds so many connections from now on, as long as the PLC has its supply. */
  hold(connections: number): void {
    const wanted = isPowered(this.plc) ? connections : 0;
    for (; this.held < wanted; this.held++) this.traffic.connect(this.client);
    for (; this.held > wanted; this.held--) this.traffic.disconnect(this.client);
  }

  /** Tries to connect so many times where no place is left. */
  knock(times: number): void {
    if (isPowered(this.plc)) this.traffic.refused += times;
  }

  /** Reads one point. */
  read({ table, address, type, length }: PlcPoint): void {
    const bits = table === 'coil' || table === 'discrete';
    this.ask(encodeReadRequest(table, address, bits ? 1 : registersOf(type, length)));
  }

  /** Writes an engineering value to a writable point, in the registers and the type that it has. */
  write(point: PlcPoint, value: number): void {
    const { table, address, type, order, scale, offset, write } = point;
    if (!write || isTextType(type) || !isPowered(this.plc)) return;
    const raw = (value - offset) / scale;
    if (this.plc.protocol === 'opcua') {
      this.traffic.requests++;
      this.traffic.wrote(this.client, this.nowMs());
      if (this.plc.controller?.obeys !== false) write(value);
    } else if (table === 'coil') this.ask(encodeWriteRequest(table, address, Uint16Array.of(raw)));
    else if (table === 'holding') this.ask(encodeWriteRequest(table, address, encodeValue(type, order, raw)));
  }

  /** Sends a Modbus request to a unit; an OPC UA server only counts it, and its refusal where `foreign`. */
  ask(pdu: Uint8Array, unit = this.plc.unit, foreign = false): void {
    const { plc, client, traffic } = this;
    if (!isPowered(plc)) return;
    if (plc.protocol === 'opcua') {
      traffic.requests++;
      if (foreign) traffic.exceptions++;
      return;
    }
    this.unit ??= this.meet();
    answerModbus(pdu, unit === plc.unit ? this.unit : undefined, { client, traffic, nowMs: this.nowMs() });
  }

  /** The registers of the PLC; what stands in them nobody sees, so they need no scan of their own time. */
  private meet(): ModbusUnit {
    const image = createRegisterImage(createScan(this.plc, seededRandom(0)));
    image.refresh();
    return { plc: this.plc, image };
  }
}
