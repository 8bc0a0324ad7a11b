import { errorWithNext, type LifelineError, problemOf } from '../core/errors.ts';
import type { SinkStatus } from './api.ts';

/** What the status of a sink says of its last trouble. */
export const troubleFigures = (error: LifelineError | undefined): Pick<SinkStatus, 'lastError' | 'problem'> =>
  error ? { lastError: errorWithNext(error), problem: problemOf(error) } : { lastError: '' };
