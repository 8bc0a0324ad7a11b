import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Watch } from '../fixture.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A web service that keeps what it is sent and answers as it is told. */
export async function webService() {
  const watch = new Watch();
  const requests: Received[] = [];
  const answer = { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    requests.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(answer.status).end(answer.body);
    watch.tell();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...{ requests, answer, watch },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** A mail server that speaks as much SMTP (RFC 5321, AUTH PLAIN of RFC 4954) as it takes to receive a mail. */
export async function mailServer(account?: { user: string; pass: string }) {
  const watch = new Watch();
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    converse(socket, account, (mail) => {
      mails.push(mail);
      watch.tell();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...{ mails, watch, port: (server.address() as AddressInfo).port },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function converse(
  socket: Socket,
  account: { user: string; pass: string } | undefined,
  got: (mail: Mail) => void,
): void {
  const wanted = account && Buffer.from(`\0${account.user}\0${account.pass}`).toString('base64');
  let [from, to, data, buffered] = ['', '', undefined as string | undefined, ''];
  let known = account === undefined;
  const say = (text: string) => socket.write(`${text}\r\n`);
  const command = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') say(account ? '250-mail.test\r\n250 AUTH PLAIN' : '250 mail.test');
    else if (verb === 'AUTH') {
      known = line === `AUTH PLAIN ${wanted}`;
      say(known ? '235 2.7.0 accepted' : '535 5.7.8 credentials invalid');
    } else if (!known) say('530 5.7.0 authentication required');
    else if (verb === 'MAIL') [from] = [line, say('250 ok')];
    else if (verb === 'RCPT') {
      if (line.includes('nobody')) say('550 5.1.1 no such user');
      else [to] = [line, say('250 ok')];
    } else if (verb === 'DATA') [data] = ['', say('354 go on')];
    else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else say('250 ok');
  };
  say('220 mail.test ESMTP');
  socket.setEncoding('utf8').on('data', (text) => {
    buffered += text;
    for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 2);
      if (data === undefined) command(line);
      else if (line === '.') {
        got({ from: addressIn(from), to: addressIn(to), data });
        data = undefined;
        say('250 2.0.0 taken');
      } else data += `${line.replace(/^\./, '')}\n`;
    }
  });
}

const addressIn = (line: string) => /<([^>]*)>/.exec(line)?.[1] ?? '';
