import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { every, realClock } from '../../../edge/core/clock.ts';
import { serveModbus } from '../../../simulator/plc/modbus-server.ts';
import { endWithParent } from '../processes.ts';
import { simulatedScan } from '../simulated-plc.ts';

export const plcProgram: string = fileURLToPath(import.meta.url);
export const plcs = 10;
export const pointsPerPlc = 1_000;

/** Roles of the manholes measured, in the order of their registers, and where each stands in peace. */
export const roles = [
  { role: 'level', unit: 'm', at: 1 },
  { role: 'filling', unit: '%', at: 30 },
  { role: 'freeboard', unit: 'm', at: 3 },
  { role: 'ch4', unit: '%', at: 1 },
  { role: 'h2s', unit: 'mg/m3', at: 2 },
] as const;

/** Hydrogen sulphide that is an alarm at once, mg/m³. */
const foul = 7;

/**
 * PLCs whose registers all move once a second; prints their endpoints. A number on standard input is how many points of each
 * are foul from then on.
 */
async function serve(): Promise<void> {
  endWithParent();
  const clock = realClock();
  let foulPoints = 0;
  const peace = (index: number) => roles[index % roles.length]?.at ?? 0;
  const valueAt = (index: number) =>
    (index < foulPoints ? foul : peace(index)) + 0.2 * Math.sin(clock.monotonicMs() / 10_000 + index);
  createInterface(process.stdin).on('line', (line) => {
    foulPoints = Number(line);
  });
  const endpoints: string[] = [];
  for (let plc = 0; plc < plcs; plc++) {
    const scan = simulatedScan(pointsPerPlc, { type: 'float32', width: 2, valueAt });
    const server = await serveModbus(scan, { port: 0 });
    every(clock, 1_000, () => {
      scan.scan();
      server.publish(clock.wallMs());
    });
    endpoints.push(server.endpoint);
  }
  console.log(JSON.stringify(endpoints));
}

if (process.argv[1] === plcProgram) await serve();
