import { readFileSync } from 'node:fs';

/** Clock ticks of Linux in a second, as /proc counts them (proc(5): `sysconf(_SC_CLK_TCK)`, 100 wherever Node runs). */
const ticksPerS = 100;

/** User and system time of a process, s: fields 14 and 15 of /proc/PID/stat. Throws where the system does not tell. */
export function processorS(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // the name before them may hold anything
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerS;
}

/**
 * Resident memory of a process, MB of a million bytes: VmRSS of /proc/PID/status, whose kB are 1,024 bytes; NaN of one that
 * has ended and is not yet awaited. Throws where the system does not tell.
 */
export function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kb) * 1024) / 1e6;
}
