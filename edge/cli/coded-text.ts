import type { LifelineError } from '../core/errors.ts';

/** A coded error as it passes between threads, and into JSON. */
export type CodedText = Pick<LifelineError, 'code' | 'message' | 'next'>;

export const codedText = ({ code, message, next }: LifelineError): CodedText => ({ code, message, next });
