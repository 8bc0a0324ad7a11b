import { defineErrors } from '../../core/errors.ts';

export const webhookErrors = defineErrors('WEBHOOK', {
  UNREACHABLE: {
    cause: 'Nothing answers at the address: the receiver is down, the address is wrong, or a firewall is between.',
    retry: true,
    next: 'Check host and port of the url, that the receiver runs, and the firewall (curl -v URL).',
  },
  TLS: {
    cause:
      'The encrypted connection was not set up: a certificate is not trusted, expired, for another name, or the receiver wants one of ours.',
    retry: true,
    next: 'Check the certificate of the receiver, its name in the url, ca, certificate and key of the sink, and the clock of this machine.',
  },
  TIMEOUT: {
    cause: 'The receiver took the request and did not answer in time.',
    retry: true,
    next: 'Look at the load of the receiver; raise timeout of the sink only if it needs that long in health.',
  },
  ANSWER: {
    cause: 'What came back is no complete HTTP answer: garbage, or cut off in the middle.',
    retry: true,
    next: 'Check that the url leads to an HTTP server, and look at proxies between.',
  },
  REDIRECT: {
    cause: 'The receiver points elsewhere; a signed request is never taken to an address that nobody configured.',
    retry: true,
    next: 'Put the final address into url, after finding out whose it is.',
  },
  UNAUTHORISED: {
    cause: 'The receiver does not let this gateway in: key, token, certificate or address are not known to it.',
    retry: true,
    next: 'Compare secretFile, tokenFile and certificate with what the receiver expects. Events wait meanwhile.',
  },
  'NO-SUCH-PLACE': {
    cause: 'The receiver has nothing at this path, or takes no POST there.',
    retry: true,
    next: 'Check the path of the url. Events wait meanwhile.',
  },
  BUSY: {
    cause: 'The receiver asks to come later: too many requests, or not ready.',
    retry: true,
    next: 'Nothing, when it passes by itself; else lower parallel or raise batch of the sink.',
  },
  FAILED: {
    cause: 'The receiver failed inside.',
    retry: true,
    next: 'Look into the log of the receiver; the Idempotency-Key in its request log names the event.',
  },
  REFUSED: {
    cause: 'The receiver understood and does not take this event. Sent again as it is, it would be refused again.',
    retry: false,
    next: 'Read the reason, mend mapping or receiver, then send it again: lifeline upstream resend SINK.',
  },
});
