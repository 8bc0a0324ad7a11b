import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scriptAt } from '../../edge/cli/installation.ts';
import { atMost, type BenchRow, untargeted } from './row.ts';

const suite = 'winter-night';
const utilities = 'water,heating,gas,gallery,lighting';
const examWithinS = 180;
const calibrationWithinS = 60;

/** What is read of the exam's JSON. */
interface Pace {
  readonly wallS: number;
  readonly calibrationS: number;
  readonly simulatedHours: number;
  readonly maxMemoryMb: number;
}

/** A day of five utilities with the complete gateway, as a user runs it, and the calibration before it. */
export async function benchExam(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-bench-exam-'));
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [scriptAt('edge/cli/main'), 'exam', '--suite', suite, '--utility', utilities, '--json'],
      { env: { ...process.env, XDG_CACHE_HOME: folder }, maxBuffer: 1e8 },
    );
    const { wallS, calibrationS, simulatedHours, maxMemoryMb } = JSON.parse(stdout) as Pace;
    return [
      atMost(`exam of ${simulatedHours} h, five utilities, complete gateway`, 's', wallS - calibrationS, examWithinS),
      atMost('calibration from 14 days of city history', 's', calibrationS, calibrationWithinS),
      untargeted('memory of that exam, all its threads', 'MB', maxMemoryMb),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
