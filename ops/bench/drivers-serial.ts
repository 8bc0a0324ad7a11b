import { fileURLToPath } from 'node:url';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { encodeReadReply, parseRequest } from '../../drivers/modbus/pdu.ts';
import { crc16, encodeRtu } from '../../drivers/modbus/rtu.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import { delay, realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { isGood } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { floatPoint } from './float-point.ts';
import { endWithParent, withProcess } from './processes.ts';
import { withPtyPair } from './pty-pair.ts';
import type { BenchRow } from './row.ts';

const thisFile = fileURLToPath(import.meta.url);
const clock = realClock();
const baud = 9600;
/** Start, eight data bits, parity, stop (Modbus over Serial Line 1.02, 2.5.1). */
const characterMs = (11 / baud) * 1000;
/** Silence before a device may take a request for whole, and what it needs to find the answer. */
const answerAfterMs = 3.5 * characterMs + 5;
const readRequestBytes = 8;
const units = 10;
const deadUnit = 10;
const floats = 10;
const periodMs = 1000;
const warmUpMs = 10_000;
const measuredMs = 30_000;
const leastShare = 0.9;

/**
 * Ten units on one serial line of 9600 baud, one of them without power: what the others still deliver, beside what they
 * deliver without it. The line is a pseudo-terminal pair, which knows no speed, so that the far end takes the time that
 * the characters would.
 */
export async function benchSerial(): Promise<BenchRow[]> {
  const without = await livingRate(units - 1);
  const value = await livingRate(units);
  const ratio = value / without;
  return [
    {
      name: `D9 serial: ${units - 1} units at ${baud} baud, beside a dead one`,
      ...{ value, unit: 'polls/s', better: 'higher', ratio },
      peer: { name: 'without the dead one', value: without },
      ...{ target: `≥ ${leastShare} × without it`, ok: ratio >= leastShare },
    },
  ];
}

/** Polls that living units answered per second, with the first `polled` units configured. */
function livingRate(polled: number): Promise<number> {
  return withPtyPair((near, far) =>
    withProcess(process.execPath, [thisFile, 'bus', far], async (bus) => {
      await bus.nextLine();
      return pollUnits(`serial://${near}?baud=${baud}`, polled);
    }),
  );
}

async function pollUnits(endpoint: string, polled: number): Promise<number> {
  const devices = Array.from({ length: polled }, (_, index) => ({
    driver: 'modbus',
    definition: {
      ...{ id: `unit-${index + 1}`, endpoint, options: { unit: index + 1 } },
      points: Array.from({ length: floats }, (_, at) =>
        floatPoint(index * floats + at, `unit-${index + 1}/r${at}`, at * 2, periodMs),
      ),
    },
  }));
  let answered = 0;
  const acquisition = createAcquisition({
    ...{ devices, drivers: [modbusDriver], onDeviceChange: () => undefined },
    host: { clock, random: seededRandom(1), log: silentLog, stateDir: '' },
    onBatch({ quality, values, tags }) {
      if (!quality.every(isGood)) return;
      if (values.some((value, row) => value !== (tags[row] ?? 0) + 0.5))
        throw new Error('bench drivers: a wrong value');
      answered++;
    },
  });
  acquisition.start();
  await delay(clock, warmUpMs);
  const [before, beganMs] = [answered, clock.monotonicMs()];
  await delay(clock, measuredMs);
  const perS = ((answered - before) / (clock.monotonicMs() - beganMs)) * 1000;
  await acquisition.stop();
  return perS;
}

/** The units at the far end of the line; answers take the time that their characters need. */
async function serveBus(path: string): Promise<void> {
  const { SerialPort } = await import('serialport');
  endWithParent();
  const port = new SerialPort({ path, baudRate: baud });
  let heard = new Uint8Array(0);
  port.on('open', () => console.log('listening'));
  port.on('data', (chunk: Uint8Array) => {
    heard = Buffer.concat([heard, chunk]);
    if (heard.length < readRequestBytes) return;
    const request = heard.subarray(0, readRequestBytes);
    heard = new Uint8Array(0);
    const answer = answerOf(request);
    if (!answer) return;
    const characters = request.length + answer.length;
    clock.after(characters * characterMs + answerAfterMs, () => port.write(answer));
  });
}

/** What a unit says to a read, its floats being the tags of `pollUnits` and a half; nothing to what is not for the living. */
function answerOf(request: Uint8Array): Uint8Array | undefined {
  const [unit = 0] = request;
  const asked = parseRequest(request.subarray(1, -2));
  if (crc16(request) !== 0 || unit >= deadUnit || asked.kind !== 'read') return undefined;
  const view = new DataView(new ArrayBuffer(floats * 4));
  for (let at = 0; at < floats; at++) view.setFloat32(at * 4, (unit - 1) * floats + at + 0.5);
  const registers = Uint16Array.from({ length: asked.count }, (_, at) => view.getUint16((asked.address + at) * 2));
  return encodeRtu(unit, encodeReadReply('holding', registers));
}

if (process.argv[1] === thisFile) await serveBus(process.argv[3] ?? '');
