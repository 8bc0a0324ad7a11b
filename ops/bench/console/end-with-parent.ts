import { fileURLToPath } from 'node:url';
import { endWithParent } from '../processes.ts';

/** For `--import`: a gateway whose standard input is a pipe ends with the benchmark that started it. */
export const endsWithParent: string = fileURLToPath(import.meta.url);

if (process.execArgv.includes(endsWithParent)) endWithParent();
