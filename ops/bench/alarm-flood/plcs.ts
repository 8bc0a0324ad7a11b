import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { every, realClock } from '../../../edge/core/clock.ts';
import { serveModbus } from '../../../simulator/plc/modbus-server.ts';
import { endWithParent } from '../processes.ts';
import { simulatedScan } from '../simulated-plc.ts';

export const plcProgram: string = fileURLToPath(import.meta.url);
export const plcs = 40;
export const hydrantsPerPlc = 250;
/** All hydrants open one after the other within this time. */
export const floodMs = 10_000;
/** The last hydrants of all open and shut again and again, open for longer than their alarm waits. */
const chattering = 50;
const chatterMs = 7_000;
const count = plcs * hydrantsPerPlc;

/**
 * PLCs of hydrants, each with a register that says whether it is open, and one more with a pressure; prints their endpoints.
 * At a line on standard input the hydrants begin to open.
 */
async function serve(): Promise<void> {
  endWithParent();
  const clock = realClock();
  let begunMs = Number.POSITIVE_INFINITY;
  createInterface(process.stdin).on('line', () => {
    begunMs = clock.monotonicMs();
  });
  const isOpen = (hydrant: number) => {
    const openMs = clock.monotonicMs() - begunMs - (hydrant / count) * floodMs;
    if (openMs < 0) return false;
    return hydrant < count - chattering || Math.floor(openMs / chatterMs) % 2 === 0;
  };
  const endpoints: string[] = [];
  for (let plc = 0; plc < plcs; plc++) {
    const valueAt = (index: number) =>
      index < hydrantsPerPlc ? Number(isOpen(plc * hydrantsPerPlc + index)) : Math.round(300 + index);
    const scan = simulatedScan(hydrantsPerPlc + 1, { type: 'uint16', width: 1, valueAt });
    const server = await serveModbus(scan, { port: 0 });
    every(clock, 500, () => {
      scan.scan();
      server.publish(clock.wallMs());
    });
    endpoints.push(server.endpoint);
  }
  console.log(JSON.stringify(endpoints));
}

if (process.argv[1] === plcProgram) await serve();
