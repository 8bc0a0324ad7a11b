import { parseArgs } from 'node:util';
import { describeError, LifelineError } from '../../edge/core/errors.ts';
import { startBroker } from './broker.ts';

/**
 * The city platform's broker as a process of its own: `main.ts [--port N] [--host ADDRESS]`. Prints
 * `{"type":"listening","port":N}` on stdout and stays until SIGTERM, SIGINT or the end of the process that started it
 * with a channel; a coded line on stderr and exit 1 when it cannot listen.
 */
const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, host: { type: 'string', default: '127.0.0.1' } },
});

try {
  const broker = await startBroker({ port: Number(values.port), host: values.host });
  for (const end of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
    process.once(end, () => {
      void broker.stop().then(() => process.exit(0));
    });
  }
  process.stdout.write(`${JSON.stringify({ type: 'listening', port: broker.port })}\n`);
} catch (error) {
  const next = error instanceof LifelineError ? `; ${error.next}` : '';
  process.stderr.write(`${describeError(error)}${next}\n`);
  process.exitCode = 1;
}
