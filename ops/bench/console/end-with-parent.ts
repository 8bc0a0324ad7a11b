import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { endWithParent } from '../processes.ts';

/** For `--import`: a gateway whose standard input is a pipe ends with the benchmark that started it. */
export const endsWithParent: string = fileURLToPath(import.meta.url);

// threads of the gateway load it too
if (isMainThread && process.execArgv.includes(endsWithParent)) endWithParent();
