import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { demoReport } from '../../edge/cli/demo/report.ts';
import { atMost, type BenchRow, untargeted } from './row.ts';

const launcher = fileURLToPath(new URL('../../bin/lifeline.js', import.meta.url));
const length = '60s';

/** The bounded demo as a user starts it, and what its own report says; no comparable product has one to stand beside. */
export async function benchDemo(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
  const file = join(folder, 'demo.json');
  try {
    const demo = spawn(process.execPath, [launcher, 'demo', '--for', length, '--report', file], { stdio: 'ignore' });
    await once(demo, 'exit');
    return rows(JSON.parse(await readFile(file, 'utf8')) as ReturnType<typeof demoReport>);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function rows({ incident, polls, latencyMs, startToFirstSampleMs, memoryMb }: ReturnType<typeof demoReport>) {
  const residentMb = Object.values(memoryMb).reduce((sum, part) => sum + part, 0);
  const toBroker = latencyMs.registerToBroker.p99;
  const untold: BenchRow = untargeted('demo: register to broker, p99', 'ms', toBroker);
  return [
    atMost('demo: start to first sample', 'ms', startToFirstSampleMs ?? Number.NaN, 5000),
    atMost('demo: resident memory of all processes', 'MB', residentMb, 700),
    atMost(`demo: late polls of ${polls.due}`, 'polls', polls.late, 0),
    atMost('demo: burst found after its start', 's', incident?.secondsToDetect ?? Number.NaN, 15),
    untold,
  ];
}
