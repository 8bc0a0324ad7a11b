import { fileURLToPath } from 'node:url';
import { every, realClock } from '../../../edge/core/clock.ts';
import { serveModbus } from '../../../simulator/plc/modbus-server.ts';
import { endWithParent } from '../processes.ts';
import { simulatedScan } from '../simulated-plc.ts';

export const plcProgram: string = fileURLToPath(import.meta.url);
export const pointsPerPlc = 10_000;

/** So many PLCs, all with the same registers, which all move once a second; prints their endpoints. */
async function serve(plcs: number): Promise<void> {
  endWithParent();
  const clock = realClock();
  const valueAt = (index: number) => 2 + 0.5 * Math.sin(clock.monotonicMs() / 10_000 + index);
  const scan = simulatedScan(pointsPerPlc, { type: 'float32', width: 2, valueAt });
  const servers = await Promise.all(Array.from({ length: plcs }, () => serveModbus(scan, { port: 0 })));
  every(clock, 1_000, () => {
    scan.scan();
    for (const server of servers) server.publish(clock.wallMs());
  });
  console.log(JSON.stringify(servers.map(({ endpoint }) => endpoint)));
}

if (process.argv[1] === plcProgram) await serve(Number(process.argv[2]));
