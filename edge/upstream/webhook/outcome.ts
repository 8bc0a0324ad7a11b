import { errorWithin, type LifelineError } from '../../core/errors.ts';
import { both, type Text } from '../../core/text.ts';
import type { Answer } from '../post.ts';
import { webhookErrors } from './errors.ts';

/** A receiver that asks for a longer pause is asked again after this one all the same. */
const maxRetryAfterMs = 600_000;
/** What is quoted of an answer. */
const maxQuotedLength = 200;

/**
 * What an answer means for what was sent: it has arrived; it will never be taken; or it is to be tried again. `answered` tells
 * a receiver that fails from one that is not there.
 */
export type Outcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly error: LifelineError }
  | {
      readonly kind: 'again';
      readonly error: LifelineError;
      readonly answered: boolean;
      readonly retryAfterMs: number | undefined;
    };

/** Statuses by which the receiver refuses the gateway, or knows no such place: nothing is wrong with the event. */
const roadRefusals: Readonly<Record<number, 'UNAUTHORISED' | 'NO-SUCH-PLACE'>> = {
  401: 'UNAUTHORISED',
  403: 'UNAUTHORISED',
  407: 'UNAUTHORISED',
  404: 'NO-SUCH-PLACE',
  405: 'NO-SUCH-PLACE',
  410: 'NO-SUCH-PLACE',
};
/** 408 Request Timeout, 425 Too Early, 429 Too Many Requests (RFC 9110 §15.5.9, RFC 8470, RFC 6585), 503 Service Unavailable. */
const laterStatuses: readonly number[] = [408, 425, 429, 503];

/** What the body of a 2xx answer says all the same: no for good, or not now. */
export type Objection = 'refused' | 'again' | undefined;

/**
 * @param what the event or batch, for texts
 * @param objection reads the body of a complete 2xx answer, where the platform says no there
 */
export function outcomeOf(
  answer: Answer,
  { url, what, nowMs }: { readonly url: string; readonly what: string; readonly nowMs: number },
  objection: (text: string) => Objection = () => undefined,
): Outcome {
  const action = both(`post ${what} to ${url}`, `发送 ${what} 到 ${url}`);
  if (answer.kind === 'silent' && !answer.connected) {
    const text = about(action, `no connection in ${answer.afterMs} ms`, `${answer.afterMs} ms 内未连上`);
    return {
      kind: 'again',
      error: webhookErrors.create('UNREACHABLE', text),
      answered: false,
      retryAfterMs: undefined,
    };
  }
  if (answer.kind === 'silent') {
    const error = webhookErrors.create(
      'TIMEOUT',
      about(action, `no answer in ${answer.afterMs} ms`, `${answer.afterMs} ms 内无应答`),
    );
    return { kind: 'again', error, answered: true, retryAfterMs: undefined };
  }
  if (answer.kind === 'failed') return failure(action, answer.error, answer.connected);
  const { status, text } = answer;
  if (status >= 200 && status < 300) {
    const against = objection(text);
    if (against === undefined) return { kind: 'taken' };
    const said = about(action, `status ${status}, but it says ${quoted(text)}`, `状态 ${status}，但答复“${cut(text)}”`);
    if (against === 'refused') return { kind: 'refused', error: webhookErrors.create('REFUSED', said) };
    return { kind: 'again', error: webhookErrors.create('FAILED', said), answered: true, retryAfterMs: undefined };
  }
  const [en, zh] = text === '' ? ['', ''] : [`, ${quoted(text)}`, `，“${cut(text)}”`];
  const said = about(action, `status ${status}${en}`, `状态 ${status}${zh}`);
  const again = (error: LifelineError): Outcome => ({
    ...{ kind: 'again', error, answered: true },
    retryAfterMs: retryAfterMs(answer.retryAfter, nowMs),
  });
  if (laterStatuses.includes(status)) return again(webhookErrors.create('BUSY', said));
  if (status >= 300 && status < 400) return again(webhookErrors.create('REDIRECT', said));
  const road = roadRefusals[status];
  if (road) return again(webhookErrors.create(road, said));
  if (status >= 400 && status < 500) return { kind: 'refused', error: webhookErrors.create('REFUSED', said) };
  return again(webhookErrors.create('FAILED', said));
}

function failure(action: Text, cause: Error, connected: boolean): Outcome {
  const code = 'code' in cause ? String(cause.code) : '';
  const why = errorWithin(cause);
  const name = nameOf(code, cause.message, connected);
  const error = webhookErrors.create(name, about(action, why.en, why.zh), cause);
  return { kind: 'again', error, answered: name === 'ANSWER', retryAfterMs: undefined };
}

function nameOf(code: string, message: string, connected: boolean): 'TLS' | 'ANSWER' | 'UNREACHABLE' {
  const text = `${code} ${message}`;
  if (/CERT|_SSL|_TLS|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|EPROTO|before secure TLS/.test(text)) return 'TLS';
  return connected ? 'ANSWER' : 'UNREACHABLE';
}

/** `Retry-After` (RFC 9110 §10.2.3), seconds or a date, as ms from now; undefined when it says nothing. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || !/^\s*(\d|[A-Z][a-z]{2,8},)/.test(header)) return undefined;
  const waitMs = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(waitMs) ? Math.min(maxRetryAfterMs, Math.max(0, waitMs)) : undefined;
}

/** As it may stand in a text of one line. */
const cut = (text: string): string => quoted(text).slice(1, -1);
const quoted = (text: string): string => JSON.stringify(text.slice(0, maxQuotedLength));

const about = (action: Text, en: string, zh: string): Text => both(`${action.en}: ${en}`, `${action.zh}：${zh}`);
