import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { seededRandom } from '../../../edge/core/random.ts';
import { atMost, type BenchRow } from '../row.ts';
import { wandering } from './plant.ts';

const ROWS = 1_000_000;
const SIGNALS = 46;
/** A constant, a counter, a pump and a three-way valve beside the signals. */
const COLUMNS = SIGNALS + 4;
const CAUSES = 5;
const LINES_A_WRITE = 5000;

/**
 * Time and memory of `lifeline detect` on a large export, in a process of its own, reading included. Some minutes.
 * @param tell told what is done
 */
export async function benchDetectCost(tell: (line: string) => void): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
  try {
    const file = join(folder, 'large.csv');
    await writeLarge(file, tell);
    tell('detect');
    const program = fileURLToPath(new URL('../../../bin/lifeline.js', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'detect', file, '--json'], {
      maxBuffer: 1 << 28,
    });
    const { rows, seconds, maxMemoryMb }: { rows: number; seconds: number; maxMemoryMb: number } = JSON.parse(stdout);
    if (rows !== ROWS) throw new Error(`bench detect: ${rows} rows were judged, ${ROWS} were written`);
    return [
      atMost(`detect, ${ROWS} rows of ${COLUMNS} columns, time`, 's', seconds, 120),
      atMost(`detect, ${ROWS} rows of ${COLUMNS} columns, memory`, 'MB', maxMemoryMb, 500),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Five slow causes in noisy mixtures, second by second, as a historian exports them. */
async function writeLarge(file: string, tell: (line: string) => void): Promise<void> {
  const random = seededRandom(1, 'large export');
  const causes = Array.from({ length: CAUSES }, () => wandering(random, 0.97));
  const handle = await open(file, 'w');
  try {
    const signals = Array.from({ length: SIGNALS }, (_, at) => `s${at}`);
    await handle.write(`time,${signals.join(',')},fixed,total,pump,valve\n`);
    for (let first = 0; first < ROWS; first += LINES_A_WRITE) {
      if (first % (ROWS / 4) === 0) tell(`${first} of ${ROWS} rows written`);
      let lines = '';
      for (let row = first; row < first + LINES_A_WRITE; row++) {
        const now = causes.map((cause) => cause());
        lines += `${1_700_000_000 + row}`;
        for (let at = 0; at < SIGNALS; at++)
          lines += `,${(50 + (1 + at / 10) * (now[at % CAUSES] as number) + random.normal()).toFixed(3)}`;
        lines += `,5,${3 * row},${Math.floor(row / 300) % 2},${Math.floor(row / 700) % 3}\n`;
      }
      await handle.write(lines);
    }
  } finally {
    await handle.close();
  }
}
