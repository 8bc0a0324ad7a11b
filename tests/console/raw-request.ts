import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Address that it comes from. */
  readonly from?: string;
  /** Certificate that an encrypted link must show; plain when left out. */
  readonly ca?: string;
  readonly host?: string;
  /** Keeps connections; each request has its own when left out. */
  readonly agent?: Agent;
}

/** A request as it is given: no client tidies its path or its headers. An upgrade that is taken answers 101. */
export function rawRequest(
  port: number,
  { from, ca, host = '127.0.0.1', agent, body, ...rest }: RawRequest,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host, port, agent: agent ?? (false as const), ...rest, ...(from ? { localAddress: from } : {}) };
    const identity = (_: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate);
    const take = (response: import('node:http').IncomingMessage) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    };
    const request = ca
      ? httpsRequest({ ...options, ca, checkServerIdentity: identity }, take)
      : httpRequest(options, take);
    request.on('error', reject);
    request.on('upgrade', (_, socket) => {
      socket.destroy();
      resolve({ status: 101, body: '', headers: {} });
    });
    request.end(body);
  });
}

export const json = { 'content-type': 'application/json' };
export const upgrade = {
  ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
