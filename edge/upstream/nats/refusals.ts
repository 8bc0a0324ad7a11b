import type { LifelineError } from '../../core/errors.ts';
import { both, type Text } from '../../core/text.ts';
import { natsErrors } from './errors.ts';

/**
 * Codes of JetStream's errors (nats-server, server/errors.json): a store that takes no more, room on disk, in memory and of
 * the account that is used up.
 */
const full = new Set([10_077, 10_023, 10_028, 10_047, 10_002]);
const messageTooLarge = 10_054;
/** No stream of the name; another stream than the expected one; the name or subjects belong to another stream. */
const otherStream = new Set([10_059, 10_060, 10_058, 10_065]);

/** Why a server was not reached, as its client tells it. */
export function connectTrouble(url: string, error: unknown): LifelineError {
  const { name, text, causes } = told(error);
  const message = both(`connect to ${url}: ${text}`, `连接 ${url}：“${text}”`);
  if (/Authorization|Authentication/.test(name)) return natsErrors.create('UNAUTHORISED', message, error);
  if (/CERT|SSL|TLS|certificate|self.signed|altnames|unable to verify|doesn't exist/i.test(causes)) {
    return natsErrors.create('TLS', message, error);
  }
  return natsErrors.create('UNREACHABLE', message, error);
}

/** Why a stream did not take something, as the client tells it. */
export function publishTrouble(action: Text, error: unknown): LifelineError {
  const { name, text, code } = told(error);
  const message = both(`${action.en}: ${text}`, `${action.zh}：“${text}”`);
  if (name === 'JetStreamNotEnabled' || otherStream.has(code)) return natsErrors.create('NO-STREAM', message, error);
  if (full.has(code)) return natsErrors.create('FULL', message, error);
  if (code === messageTooLarge || /max_payload/.test(text)) return natsErrors.create('TOO-LARGE', message, error);
  if (name === 'TimeoutError') return natsErrors.create('NO-ACK', message, error);
  if (/PermissionViolation/.test(name)) return natsErrors.create('UNAUTHORISED', message, error);
  if (/Connection/.test(name)) return natsErrors.create('LOST', message, error);
  return natsErrors.create('REFUSED', message, error);
}

/** An error of the client by its class, text and number; and all that stands behind it. */
function told(error: unknown): { name: string; text: string; code: number; causes: string } {
  if (!(error instanceof Error)) return { name: '', text: String(error), code: 0, causes: '' };
  const inner = error.cause instanceof Error ? told(error.cause) : undefined;
  const code = 'code' in error ? error.code : undefined;
  return {
    name: error.name === 'RequestError' && inner ? inner.name : error.name,
    text: error.message || inner?.text || String(code ?? error.name),
    code: typeof code === 'number' ? code : 0,
    causes: `${String(code ?? '')} ${error.message} ${inner?.causes ?? ''}`,
  };
}
