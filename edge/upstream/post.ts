import { type Agent, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { type AgentOptions, Agent as EncryptedAgent, request as encryptedRequest } from 'node:https';
import type { Clock } from '../core/clock.ts';

/** More of an answer than this is not read. */
const maxAnswerBytes = 65_536;

/** A request as it goes out. */
export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of a request: a complete answer, or how it failed. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly text: string;
    }
  /** Nothing in time; without a connection where there was none so long. */
  | { readonly kind: 'silent'; readonly afterMs: number; readonly connected: boolean }
  | { readonly kind: 'failed'; readonly error: Error; readonly connected: boolean };

export interface PostParts {
  readonly clock: Clock;
  /** Keeps connections; with the certificates where the address is encrypted. */
  readonly agent: Agent;
  readonly timeoutMs: number;
}

/** Connections to an address. Certificates are checked, whatever the environment says. */
export function agentFor(url: string, options: AgentOptions): Agent {
  if (new URL(url).protocol === 'http:') return new PlainAgent(options);
  return new EncryptedAgent({ ...options, rejectUnauthorized: true });
}

/** Posts once; never rejects. Redirects are answers like others. The signal gives up. */
export async function post(posting: Posting, parts: PostParts, signal: AbortSignal): Promise<Answer> {
  try {
    return await send(posting, parts, signal);
  } catch (error) {
    // an address or header that no request can have
    return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)), connected: false };
  }
}

function send({ url, headers, body }: Posting, parts: PostParts, signal: AbortSignal): Promise<Answer> {
  const { clock, agent, timeoutMs } = parts;
  const open = new URL(url).protocol === 'https:' ? encryptedRequest : plainRequest;
  const payload = Buffer.from(body, 'utf8');
  return new Promise((resolve) => {
    let connected = false;
    const sending = open(url, {
      method: 'POST',
      agent,
      signal,
      headers: { ...headers, 'content-length': payload.length },
    });
    const late = clock.after(timeoutMs, () => {
      settle({ kind: 'silent', afterMs: timeoutMs, connected });
      sending.destroy();
    });
    const failed = (error: Error): Answer => ({ kind: 'failed', error, connected });
    const settle = (answer: Answer) => {
      late.cancel();
      resolve(answer);
    };
    sending.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => (connected = true));
      else connected = true;
    });
    sending.on('error', (error) => settle(failed(error)));
    sending.on('response', (response) => readAnswer(response).then(settle, (error: Error) => settle(failed(error))));
    sending.end(payload);
  });
}

/** The whole answer; rejects when it is cut off. What is beyond the limit is left, with its connection. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > maxAnswerBytes) break;
  }
  const text = Buffer.concat(parts).subarray(0, maxAnswerBytes).toString('utf8');
  return { kind: 'answered', status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text };
}
