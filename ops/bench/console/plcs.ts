import { fileURLToPath } from 'node:url';
import { every, realClock } from '../../../edge/core/clock.ts';
import { serveModbus } from '../../../simulator/plc/modbus-server.ts';
import { endWithParent } from '../processes.ts';
import { simulatedScan } from '../simulated-plc.ts';

export const plcProgram: string = fileURLToPath(import.meta.url);
export const plcs = 10;
const pointsPerPlc = 500;

/** Roles of the manholes measured, in the order of their registers, and where each stands in peace. */
export const roles = [
  { role: 'level', unit: 'm', at: 1 },
  { role: 'filling', unit: '%', at: 30 },
  { role: 'freeboard', unit: 'm', at: 3 },
  { role: 'ch4', unit: '%', at: 1 },
  { role: 'h2s', unit: 'mg/m3', at: 2 },
] as const;

/** What a register shows at a moment: it moves about its place once in a minute. */
export const valueAt = (timeMs: number, index: number): number =>
  (roles[index % roles.length]?.at ?? 0) + 0.2 * Math.sin(timeMs / 10_000 + index);

/** PLCs whose registers all move once a second; prints their endpoints. */
async function serve(): Promise<void> {
  endWithParent();
  const clock = realClock();
  const endpoints: string[] = [];
  for (let plc = 0; plc < plcs; plc++) {
    const scan = simulatedScan(pointsPerPlc, {
      type: 'float32',
      width: 2,
      valueAt: (index) => valueAt(clock.wallMs(), index),
    });
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
