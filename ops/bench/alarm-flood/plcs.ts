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
/** Breakers of lines on one more PLC: from the first moment on they fall and are closed again, more often than three times a minute. */
export const breakers = 50;
/** Longer than the alarm of a breaker that refuses to close waits before it comes (5 s), and before it goes (10 s). */
const [fallenMs, closedMs] = [8_000, 12_000];
/** Behind the breakers: what closes them, whether a protection has tripped, a current. */
export const lineRegisters = { command: breakers, protection: breakers + 1, current: breakers + 2 } as const;
const count = plcs * hydrantsPerPlc;

/**
 * PLCs of hydrants, each with a register that says whether it is open, and one more with a pressure; then the one of breakers.
 * Prints their endpoints. At a line on standard input the hydrants begin to open, and the breakers to fall.
 */
async function serve(): Promise<void> {
  endWithParent();
  const clock = realClock();
  let begunMs = Number.POSITIVE_INFINITY;
  createInterface(process.stdin).on('line', () => {
    begunMs = clock.monotonicMs();
  });
  const passedMs = () => clock.monotonicMs() - begunMs;
  const isOpen = (hydrant: number) => passedMs() >= (hydrant / count) * floodMs;
  const hasFallen = () => passedMs() >= 0 && passedMs() % (fallenMs + closedMs) < fallenMs;
  const lineAt = (index: number) =>
    index < breakers
      ? Number(!hasFallen())
      : ({ [lineRegisters.command]: 1, [lineRegisters.current]: 100 }[index] ?? 0);
  const endpoints: string[] = [];
  const serveScan = async (registers: number, valueAt: (index: number) => number) => {
    const scan = simulatedScan(registers, { type: 'uint16', width: 1, valueAt });
    const server = await serveModbus(scan, { port: 0 });
    every(clock, 500, () => {
      scan.scan();
      server.publish(clock.wallMs());
    });
    endpoints.push(server.endpoint);
  };
  for (let plc = 0; plc < plcs; plc++) {
    await serveScan(hydrantsPerPlc + 1, (index) =>
      index < hydrantsPerPlc ? Number(isOpen(plc * hydrantsPerPlc + index)) : Math.round(300 + index),
    );
  }
  await serveScan(breakers + 3, lineAt);
  console.log(JSON.stringify(endpoints));
}

if (process.argv[1] === plcProgram) await serve();
