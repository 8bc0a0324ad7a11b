import { defineShownErrors } from '../../core/errors.ts';

export const webhookErrors = defineShownErrors('WEBHOOK', {
  UNREACHABLE: {
    cause: 'Nothing answers at the address: the receiver is down, the address is wrong, or a firewall is between.',
    retry: true,
    next: 'Check host and port of the url, that the receiver runs, and the firewall (curl -v URL).',
    nextZh: '请核对 url 的主机和端口，确认接收端在运行、防火墙已放行（可用 `curl -v URL` 试）。',
  },
  TLS: {
    cause:
      'The encrypted connection was not set up: a certificate is not trusted, expired, for another name, or the receiver wants one of ours.',
    retry: true,
    next: 'Check the certificate of the receiver, its name in the url, ca, certificate and key of the sink, and the clock of this machine.',
    nextZh: '请检查接收端证书及 url 中的名称、该上级平台的 ca、certificate 和 key，以及本机时钟。',
  },
  TIMEOUT: {
    cause: 'The receiver took the request and did not answer in time.',
    retry: true,
    next: 'Look at the load of the receiver; raise timeout of the sink only if it needs that long in health.',
    nextZh: '请查看接收端负载；仅当其正常时也需这么久，才调大该上级平台的 timeout。',
  },
  ANSWER: {
    cause: 'What came back is no complete HTTP answer: garbage, or cut off in the middle.',
    retry: true,
    next: 'Check that the url leads to an HTTP server, and look at proxies between.',
    nextZh: '请确认 url 指向 HTTP 服务器，并检查中间的代理。',
  },
  REDIRECT: {
    cause: 'The receiver points elsewhere; a signed request is never taken to an address that nobody configured.',
    retry: true,
    next: 'Put the final address into url, after finding out whose it is.',
    nextZh: '请先查明新地址属于谁，再把最终地址写入 url。',
  },
  UNAUTHORISED: {
    cause: 'The receiver does not let this gateway in: key, token, certificate or address are not known to it.',
    retry: true,
    next: 'Compare secretFile, tokenFile and certificate with what the receiver expects. Events wait meanwhile.',
    nextZh: '请核对 secretFile、tokenFile 和 certificate 与接收端是否一致。事件会等待，不会丢失。',
  },
  'NO-SUCH-PLACE': {
    cause: 'The receiver has nothing at this path, or takes no POST there.',
    retry: true,
    next: 'Check the path of the url. Events wait meanwhile.',
    nextZh: '请核对 url 的路径。事件会等待，不会丢失。',
  },
  BUSY: {
    cause: 'The receiver asks to come later: too many requests, or not ready.',
    retry: true,
    next: 'Nothing, when it passes by itself; else lower parallel or raise batch of the sink.',
    nextZh: '若自行恢复则无需处理；否则调小该上级平台的 parallel 或调大 batch。',
  },
  FAILED: {
    cause: 'The receiver failed inside.',
    retry: true,
    next: 'Look into the log of the receiver; the Idempotency-Key in its request log names the event.',
    nextZh: '请查看接收端日志；其请求日志中的 Idempotency-Key 即事件标识。',
  },
  REFUSED: {
    cause: 'The receiver understood and does not take this event. Sent again as it is, it would be refused again.',
    retry: false,
    next: 'Read the reason, mend mapping or receiver, then send it again: lifeline upstream resend SINK.',
    nextZh: '请看原因，修正映射或接收端后重发：`lifeline upstream resend SINK`。',
  },
});
