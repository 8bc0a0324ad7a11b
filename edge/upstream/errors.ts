import { defineShownErrors } from '../core/errors.ts';
import { both, type Text } from '../core/text.ts';

export const mqttErrors = defineShownErrors('MQTT', {
  UNREACHABLE: {
    cause:
      'Nothing answers as an MQTT broker at the address: it is down, the address is wrong, or a firewall is between.',
    retry: true,
    next: 'Check host and port of the sink, that the broker runs, and the firewall (mosquitto_sub -h HOST -p PORT -t x).',
    nextZh:
      '请核对该上级平台的主机和端口，确认代理在运行、防火墙已放行（可用 `mosquitto_sub -h HOST -p PORT -t x` 试）。',
  },
  UNAUTHORISED: {
    cause: 'The broker knows neither the user name nor the password, or the account may not connect.',
    retry: true,
    next: 'Check username and password of the sink, and the account on the broker.',
    nextZh: '请核对该上级平台的 username 和 password，以及代理上的账户。',
  },
  REFUSED: {
    cause: 'The broker answered, but does not take this client or what it sends, for the reason that it gives.',
    retry: true,
    next: 'Look into the log of the broker: client id, its own state, what it supports.',
    nextZh: '请查看代理日志：客户端标识、代理自身状态及其支持的功能。',
  },
  PROTOCOL: {
    cause: 'The broker does not speak the version of MQTT that the sink is set to.',
    retry: true,
    next: 'Set protocol of the sink to a version that the broker speaks, or to auto.',
    nextZh: '请把该上级平台的 protocol 设为代理支持的版本，或设为 auto。',
  },
  'TAKEN-OVER': {
    cause: 'Another client came to the broker under the client id of this sink: two gateways have the same id.',
    retry: true,
    next: 'Give every gateway an id of its own (gateway.id).',
    nextZh: '请让每台网关有自己的标识（gateway.id）。',
  },
  QUOTA: {
    cause: 'The broker takes no more of this account for now: messages, bytes or connections are used up.',
    retry: true,
    next: 'Raise the quota of the account at the broker, or send less (select, deadband); the gateway goes on by itself.',
    nextZh: '请在代理上提高该账户的配额，或减少上送（select、deadband）；之后网关自动继续。',
  },
  'TOO-LARGE': {
    cause: 'A message is larger than the broker takes.',
    retry: false,
    next: 'Raise the largest packet of the broker (max_packet_size); an event that is too large stays in the journal.',
    nextZh: '请调大代理的最大报文（max_packet_size）；过大的事件保留在日志库中。',
  },
  TLS: {
    cause: 'The encrypted connection was not set up: what answers speaks no TLS, or no version that both sides know.',
    retry: true,
    next: 'Check the port of the url, and that the broker is set up for mqtts://.',
    nextZh: '请核对 url 的端口，并确认代理已启用 mqtts://。',
  },
  'TLS-UNTRUSTED': {
    cause: 'The certificate of the broker comes from no authority that is trusted here.',
    retry: true,
    next: 'Name the certificate of its authority in tls.ca of the sink.',
    nextZh: '请把其颁发机构的证书写入该上级平台的 tls.ca。',
  },
  'TLS-EXPIRED': {
    cause: 'The certificate of the broker is not valid any more, or not yet.',
    retry: true,
    next: 'Renew the certificate of the broker; check the clock of this machine.',
    nextZh: '请更新代理的证书，并检查本机时钟。',
  },
  'TLS-NAME': {
    cause: 'The certificate of the broker is for another name than that of the url.',
    retry: true,
    next: 'Correct the host in the url, or set tls.serverName to the name that the certificate has.',
    nextZh: '请更正 url 中的主机名，或把 tls.serverName 设为证书中的名称。',
  },
  'TLS-REFUSED': {
    cause:
      'The broker does not take the certificate of the gateway: none was shown, it has expired, or its authority is unknown there.',
    retry: true,
    next: 'Check tls.cert and tls.key of the sink, and which authority the broker trusts for clients.',
    nextZh: '请检查该上级平台的 tls.cert 和 tls.key，以及代理信任哪个机构颁发的客户端证书。',
  },
  LOST: {
    cause: 'The connection to the broker ended.',
    retry: true,
    next: 'Nothing, when it comes back by itself; else check the network and the log of the broker.',
    nextZh: '若自行恢复则无需处理；否则检查网络和代理日志。',
  },
  'NO-ACK': {
    cause: 'The broker keeps the connection, but does not acknowledge what it is sent.',
    retry: true,
    next: 'Look at load, queue limits and access rules of the broker.',
    nextZh: '请查看代理的负载、队列上限和访问规则。',
  },
  TOPIC: {
    cause: 'The broker does not let this client publish to a topic or listen to it, or the topic is none to it.',
    retry: true,
    next: 'Give the account of the sink the right to its topics on the broker (access list).',
    nextZh: '请在代理的访问列表中给该账户开放其主题。',
  },
  RETAIN: {
    cause:
      'The broker is to keep the last value of each point, but several points share a topic: the newest message would hide the others.',
    retry: false,
    next: 'Put {device} and {point}, or {asset} and {role}, into topics.values, or set data.retain: false.',
    nextZh: '请在 topics.values 中写入 {device} 和 {point}，或 {asset} 和 {role}；或设 data.retain: false。',
  },
});

/** Of the certificates that a sink is configured with, whatever it speaks. */
export const certificateErrors = defineShownErrors('TLS', {
  FILE: {
    cause: 'What an entry names is no certificate or no private key, or its passphrase is wrong.',
    retry: false,
    next: 'Check the files with openssl (openssl x509 -in FILE -noout -text, openssl pkey -in FILE -noout).',
    nextZh: '请用 openssl 检查文件（openssl x509 -in 文件 -noout -text，openssl pkey -in 文件 -noout）。',
  },
  PAIR: {
    cause: 'A certificate and a private key do not belong together, or one of them is missing.',
    retry: false,
    next: 'Name the key with which the certificate was asked for, and both of them.',
    nextZh: '请给出申请该证书时所用的私钥，证书与私钥都要写。',
  },
  ENDED: {
    cause: 'A certificate is not valid any more: the far end refuses it, or is not trusted by it.',
    retry: false,
    next: 'Lay a new one in its place and load the configuration again; check the clock of this machine.',
    nextZh: '请换上新证书并重新加载配置；同时检查本机时钟。',
  },
  'NOT-YET': {
    cause: 'A certificate is not valid yet.',
    retry: false,
    next: 'Check the clock of this machine, and that the right file is named.',
    nextZh: '请检查本机时钟，并确认文件无误。',
  },
  ENDS: {
    cause: 'A certificate ends within 30 days.',
    retry: false,
    next: 'Ask for a new one in time, lay it in its place and load the configuration again.',
    nextZh: '请及时申请新证书，替换后重新加载配置。',
  },
  UNUSED: {
    cause: 'Certificates are named for a connection that is not encrypted.',
    retry: false,
    next: 'Use the encrypted address (mqtts://, tls://, https://), or take them out.',
    nextZh: '请使用加密地址（mqtts://、tls://、https://），或去掉这些证书。',
  },
});

export const receiptErrors = defineShownErrors('RECEIPT', {
  NONE: {
    cause:
      'The sink waits for receipts of the receiver (confirm: receiver), and none come: it is down, or answers elsewhere.',
    retry: true,
    next: 'Check that the receiver runs and publishes receipts to <prefix>/<gateway>/receipts; where none does, set confirm: broker.',
    nextZh: '请确认接收端在运行并向 `<prefix>/<gateway>/receipts` 发布回执；若没有接收端，请设 confirm: broker。',
  },
  REFUSED: {
    cause: 'The receiver refused an event for good, for the reason that it gives.',
    retry: false,
    next: 'Mend what it gives as the reason, at the receiver or in the mapping; the event is in the journal of the gateway.',
    nextZh: '请按其给出的原因修正接收端或映射；事件保留在网关的日志库中。',
  },
  MALFORMED: {
    cause: 'A message where receipts belong is none: no JSON, too long, or without id and status.',
    retry: false,
    next: 'Look at what the receiver publishes there: {id, receivedAt, status: accepted | duplicate | refused, reason}.',
    nextZh: '请查看接收端在该处发布的内容：`{id, receivedAt, status: accepted | duplicate | refused, reason}`。',
  },
});

export const deadLetterErrors = defineShownErrors('DEADLETTER', {
  FULL: {
    cause:
      'As many dead letters wait as may be kept. So that none is lost, the sink goes on trying and holds what follows.',
    retry: true,
    next: 'Look at them with lifeline upstream dead-letters, mend the cause, then resend or discard them.',
    nextZh: '请用 `lifeline upstream dead-letters` 查看，排除原因后重发或丢弃。',
  },
});

/** Of requests that a platform posts to a sink. */
export const callBackErrors = defineShownErrors('CALLBACK', {
  SIGNATURE: {
    cause:
      'The request is not signed with the secret of the sink, or its time is more than five minutes off: it may be a stranger, or an old request sent again.',
    retry: false,
    next: 'Sign "<timestamp>.call-back.<body>" with the secretFile of the sink, as the how-to "Report to a city platform" says; compare the clocks.',
    nextZh: '请用该上级平台的 secretFile 对“<timestamp>.call-back.<body>”签名，并核对时钟；见《向城市平台上报》。',
  },
  UNREADABLE: {
    cause: 'The body is no JSON, or a field that is needed is not there, too long, or no text.',
    retry: false,
    next: 'Compare the body with callBack.fields of the mapping.',
    nextZh: '请与映射中的 callBack.fields 核对请求内容。',
  },
  STATUS: {
    cause: 'The mapping does not say what the status means that the platform reports.',
    retry: false,
    next: 'Add the status to callBack.meanings of the mapping.',
    nextZh: '请在映射的 callBack.meanings 中补上该状态。',
  },
  CASE: {
    cause: 'The case is none that this gateway reported.',
    retry: false,
    next: 'Send back the case as the gateway gave it, to the gateway that gave it.',
    nextZh: '请按网关给出的案件编号，发回给出它的网关。',
  },
});

/** Of orders that were refused before anybody could decide on them. */
export const inboxErrors = defineShownErrors('ORDER', {
  UNREADABLE: {
    cause: 'The message is no order: no JSON, too long, of an unknown kind, or with a key too few or too many.',
    retry: false,
    next: 'Compare it with the how-to "Take orders from the centre".',
    nextZh: '请与《接收中心指令》中的格式核对。',
  },
  SIGNATURE: {
    cause:
      'Nothing shows that the order comes from the centre: it is not signed, or not with the key that was agreed on.',
    retry: false,
    next: 'Sign it with the ordersKey of the sink (HMAC-SHA256, hex) as {order, signature}; without a key set trustBroker, if only the centre may publish there.',
    nextZh:
      '请用该上级平台的 ordersKey 签名（HMAC-SHA256，十六进制）；不设密钥时，仅当只有中心可发布时才设 trustBroker。',
  },
  ELSEWHERE: {
    cause: 'The order names another gateway.',
    retry: false,
    next: 'Send it to the gateway that it is for; a signed order is not to be taken from one to the other.',
    nextZh: '请发给指令所指的网关；签名的指令不能由一个网关转给另一个。',
  },
  BUSY: {
    cause: 'Too many orders came at once.',
    retry: true,
    next: 'Send it again, with the same id, once others are answered.',
    nextZh: '请待其他指令得到答复后，以同一编号重发。',
  },
  AUDIT: {
    cause: 'The journal could not record the order, and nothing is done that is not recorded first.',
    retry: true,
    next: 'Check disk space and disk of the gateway, then send it again with the same id.',
    nextZh: '请检查网关的磁盘与剩余空间，再以同一编号重发。',
  },
  'NO-KEY': {
    cause: 'The sink lists orders, and nothing by which an order could be shown to be the centre’s: none is taken.',
    retry: false,
    next: 'Give the sink the key that is agreed on with the centre, or take orders out of it.',
    nextZh: '请为该上级平台填写与中心约定的密钥，或去掉 orders。',
  },
});

/** What is wrong with what a platform posted to a sink. */
export const ofCallBack = (sink: string, { en, zh }: Text): Text =>
  both(`call-back to ${sink}: ${en}`, `${sink} 的回调：${zh}`);
