import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createEncryptedServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Watch } from '../fixture.ts';

/** A request as the receiver got it. */
export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly events: readonly {
    readonly id: string;
    readonly subject: string;
    readonly data: { readonly number: number };
  }[];
}

/** How one request is answered; `take` keeps its events. */
export type Behaviour = (response: ServerResponse, received: Received, take: () => void) => void;

export const accept: Behaviour = (response, _, take) => {
  take();
  response.writeHead(202).end();
};
export const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): Behaviour =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

/**
 * A real receiver that answers as it is told, each request by the next behaviour and then by `accept`. It keeps ids, as a receiver
 * that wants each event once must.
 */
export class Receiver {
  readonly watch = new Watch();
  readonly received: Received[] = [];
  /** Numbers of events in the order in which they came for the first time. */
  readonly numbers: number[] = [];
  repeated = 0;
  behaviour: Behaviour = accept;
  readonly next: Behaviour[] = [];
  private readonly ids = new Set<string>();
  private readonly server: ReturnType<typeof createServer>;
  private readonly scheme: string;

  constructor(encrypted?: ServerOptions) {
    const handler = (request: IncomingMessage, response: ServerResponse) => this.take(request, response);
    this.server = encrypted ? createEncryptedServer(encrypted, handler) : createServer(handler);
    this.scheme = encrypted ? 'https' : 'http';
  }

  async start(port = 0): Promise<this> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}/events`;
  }

  until(count: number): Promise<void> {
    return this.watch.until(() => this.numbers.length >= count);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const parsed = JSON.parse(body);
    const received = { headers: request.headers, body, events: Array.isArray(parsed) ? parsed : [parsed] };
    this.received.push(received);
    const take = () => {
      for (const { id, data } of received.events) {
        if (this.ids.has(id)) this.repeated++;
        else this.numbers.push(data.number);
        this.ids.add(id);
      }
    };
    (this.next.shift() ?? this.behaviour)(response, received, take);
    this.watch.tell();
  }
}

/** An authority and a certificate for 127.0.0.1 of it; made by openssl, valid for `days`. */
export function certificates(days: number) {
  const folder = mkdtempSync(join(tmpdir(), 'lifeline-certificates-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test authority', '-days', '30');
  openssl(
    'req',
    '-new',
    ...key,
    '-keyout',
    'key.pem',
    '-out',
    'request.pem',
    '-subj',
    '/CN=receiver',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    'request.pem',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-copy_extensions',
    'copy',
    '-out',
    'cert.pem',
    '-days',
    String(days),
  );
  const [ca, cert, keyText] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  ) as [string, string, string];
  rmSync(folder, { recursive: true });
  return { ca, cert, key: keyText };
}
