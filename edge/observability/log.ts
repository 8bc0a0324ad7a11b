import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';

/** The same code about the same thing is written at most once in this time; repeats are counted. */
const repeatWindowMs = 60_000;
/** Different (code, subject) pairs remembered at most. */
const maxRemembered = 1000;

interface Repeats {
  readonly sinceMs: number;
  count: number;
}

/** One line for a terminal: time, level, message, then the fields that are left. */
function readable(line: string): string {
  const { level, time, msg, gateway: _, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const name = { 20: 'debug', 30: 'info ', 40: 'WARN ', 50: 'ERROR' }[String(level)] ?? String(level);
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${String(time).slice(11, 23)} ${name} ${msg}${rest.length ? `  ${rest.join(' ')}` : ''}\n`;
}

/**
 * JSON lines through pino on the given stream (readable lines when it is a terminal). A warning or error with the same
 * `code` and `subject` is written once a minute with the number of repeats.
 */
export function createLog(gateway: string, clock: Clock, output: Writable & { readonly isTTY?: boolean }): Log {
  const destination = output.isTTY
    ? new Writable({
        decodeStrings: false,
        write: (line: string, _encoding, done) => output.write(readable(line), () => done()),
      })
    : output;
  const logger = pino(
    { base: { gateway }, timestamp: () => `,"time":"${new Date(clock.wallMs()).toISOString()}"` },
    destination,
  );
  const remembered = new Map<string, Repeats>();
  const counted = (write: (fields: object, message: string) => void): Log['warn'] => {
    return (fields, message) => {
      const key = `${fields['code']}|${fields['subject'] ?? fields['device'] ?? ''}`;
      const nowMs = clock.monotonicMs();
      const last = fields['code'] === undefined ? undefined : remembered.get(key);
      if (last && nowMs - last.sinceMs < repeatWindowMs) {
        last.count++;
        return;
      }
      if (remembered.size >= maxRemembered) remembered.clear();
      if (fields['code'] !== undefined) remembered.set(key, { sinceMs: nowMs, count: 0 });
      write(last?.count ? { ...fields, repeated: last.count } : fields, message);
    };
  };
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: counted((fields, message) => logger.warn(fields, message)),
    error: counted((fields, message) => logger.error(fields, message)),
  };
}
