import { defineShownErrors } from '../../core/errors.ts';

export const natsErrors = defineShownErrors('NATS', {
  UNREACHABLE: {
    cause:
      'Nothing answers as a NATS server at the address: it is down, the address is wrong, or a firewall is between.',
    retry: true,
    next: 'Check host and port of the sink, that the server runs, and the firewall (nc HOST PORT answers INFO).',
    nextZh: '请核对该上级平台的主机和端口，确认服务器在运行、防火墙已放行（`nc HOST PORT` 应回 INFO）。',
  },
  UNAUTHORISED: {
    cause: 'The server does not know the user, token or key, or the account may not publish on the subject.',
    retry: true,
    next: 'Check login of the sink, and the permissions of its account on the server.',
    nextZh: '请核对该上级平台的 login，以及该账户在服务器上的权限。',
  },
  TLS: {
    cause: 'The encrypted connection was not set up: the certificate is not trusted, expired or for another name.',
    retry: true,
    next: 'Check the certificate of the server, its name in the url, tls.ca of the sink, and the clock of this machine.',
    nextZh: '请检查服务器证书、url 中的名称、该上级平台的 tls.ca，以及本机时钟。',
  },
  LOST: {
    cause: 'The connection to the NATS server ended.',
    retry: true,
    next: 'Nothing, when it comes back by itself; else check the network and the log of the server.',
    nextZh: '若自行恢复则无需处理；否则检查网络和服务器日志。',
  },
  'NO-ACK': {
    cause: 'The server keeps the connection, but no stream acknowledges what it is sent.',
    retry: true,
    next: 'Look at the load of the server and, in a cluster, whether the stream has a leader (nats stream report).',
    nextZh: '请查看服务器负载；集群还要看该流是否有主节点（`nats stream report`）。',
  },
  'NO-STREAM': {
    cause: 'JetStream is off, no stream takes the subjects of this gateway, or another one does than is configured.',
    retry: true,
    next: 'Create a stream whose subjects cover those of the sink, correct its name, or set stream.create: true.',
    nextZh: '请建立主题能覆盖本网关的流、更正流名，或设 stream.create: true。',
  },
  FULL: {
    cause: 'The stream has reached its limit and is set to refuse what is new, or the server has no room for it.',
    retry: true,
    next: 'Raise the limits of the stream or let it discard old messages; the gateway keeps its events and goes on by itself.',
    nextZh: '请提高该流的上限或让其丢弃旧消息；网关保留事件，之后自动续传。',
  },
  'TOO-LARGE': {
    cause: 'One event is larger than the server or the stream takes; it stays in the journal and the next one is sent.',
    retry: false,
    next: 'Raise max_payload of the server or the largest message of the stream.',
    nextZh: '请调大服务器的 max_payload 或该流的最大消息长度。',
  },
  REFUSED: {
    cause: 'The server answered with an error that this sink has no name for.',
    retry: true,
    next: 'Read the text of the server; look into its log.',
    nextZh: '请看服务器的答复文字，并查看其日志。',
  },
  CREDENTIALS: {
    cause: 'The key or the credentials file of the login cannot be read or is none.',
    retry: true,
    next: 'Check login of the sink: a seed begins with SU, a credentials file has a JWT and a seed.',
    nextZh: '请检查该上级平台的 login：种子以 SU 开头，凭据文件含 JWT 和种子。',
  },
});
