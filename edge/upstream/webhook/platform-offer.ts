import { z } from 'zod';
import type { LifelineError } from '../../core/errors.ts';
import type { CallBackContent } from '../call-back.ts';
import { callBackErrors, inboxErrors, ofCallBack } from '../errors.ts';
import { elsewhere, firstIssue, offerBody } from '../orders.ts';

/** Whether a body is an offer of a configuration, in the words of orders, and no report about a case. */
export const isOffer = (body: unknown): boolean => (body as { readonly kind?: unknown } | null)?.kind === 'config';

/** What an offered configuration asks for; a coded error where it is none, or is for another gateway. */
export function readOffer(
  body: unknown,
  { sink, gateway }: { readonly sink: string; readonly gateway: string },
): CallBackContent | LifelineError {
  const read = z.strictObject(offerBody).safeParse(body);
  if (!read.success) return callBackErrors.create('UNREADABLE', ofCallBack(sink, firstIssue(read.error)));
  const { id, gateway: addressee, by, expires, ...order } = read.data;
  if (addressee === gateway) return { id, by, order, expires: Date.parse(expires) };
  return inboxErrors.create('ELSEWHERE', ofCallBack(sink, elsewhere(addressee, gateway)));
}
