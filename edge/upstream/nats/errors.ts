import { defineErrors } from '../../core/errors.ts';

export const natsErrors = defineErrors('NATS', {
  UNREACHABLE: {
    cause:
      'Nothing answers as a NATS server at the address: it is down, the address is wrong, or a firewall is between.',
    retry: true,
    next: 'Check host and port of the sink, that the server runs, and the firewall (nc HOST PORT answers INFO).',
  },
  UNAUTHORISED: {
    cause: 'The server does not know the user, token or key, or the account may not publish on the subject.',
    retry: true,
    next: 'Check login of the sink, and the permissions of its account on the server.',
  },
  TLS: {
    cause: 'The encrypted connection was not set up: the certificate is not trusted, expired or for another name.',
    retry: true,
    next: 'Check the certificate of the server, its name in the url, tls.ca of the sink, and the clock of this machine.',
  },
  LOST: {
    cause: 'The connection to the NATS server ended.',
    retry: true,
    next: 'Nothing, when it comes back by itself; else check the network and the log of the server.',
  },
  'NO-ACK': {
    cause: 'The server keeps the connection, but no stream acknowledges what it is sent.',
    retry: true,
    next: 'Look at the load of the server and, in a cluster, whether the stream has a leader (nats stream report).',
  },
  'NO-STREAM': {
    cause: 'JetStream is off, no stream takes the subjects of this gateway, or another one does than is configured.',
    retry: true,
    next: 'Create a stream whose subjects cover those of the sink, correct its name, or set stream.create: true.',
  },
  FULL: {
    cause: 'The stream has reached its limit and is set to refuse what is new, or the server has no room for it.',
    retry: true,
    next: 'Raise the limits of the stream or let it discard old messages; the gateway keeps its events and goes on by itself.',
  },
  'TOO-LARGE': {
    cause: 'One event is larger than the server or the stream takes; it stays in the journal and the next one is sent.',
    retry: false,
    next: 'Raise max_payload of the server or the largest message of the stream.',
  },
  REFUSED: {
    cause: 'The server answered with an error that this sink has no name for.',
    retry: true,
    next: 'Read the text of the server; look into its log.',
  },
  CREDENTIALS: {
    cause: 'The key or the credentials file of the login cannot be read or is none.',
    retry: true,
    next: 'Check login of the sink: a seed begins with SU, a credentials file has a JWT and a seed.',
  },
});
