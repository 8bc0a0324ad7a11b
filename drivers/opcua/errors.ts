import { defineShownErrors } from '../../edge/core/errors.ts';

/** What the stack says of a failure: its first line, without the advice on those below. */
export const stackText = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n', 1).join().trim().replace(/,$/, '');

export const opcuaErrors = defineShownErrors('OPCUA', {
  ENDPOINT: {
    cause: 'The endpoint of an OPC UA device is not of the form opc.tcp://host:port.',
    retry: false,
    next: 'Write the endpoint as the server shows it, e.g. opc.tcp://10.0.4.2:4840.',
    nextZh: '请按服务器显示的地址填写，如 opc.tcp://10.0.4.2:4840。',
  },
  POINT: {
    cause:
      'A point of an OPC UA device has no node id, or one that cannot be read as such, or is a writable text or time.',
    retry: false,
    next: 'Write the node as ns=2;s=plc.temp, or with the namespace uri as nsu=urn:maker:plc;s=temp.',
    nextZh: '节点请写作 ns=2;s=plc.temp，或带命名空间 URI：nsu=urn:maker:plc;s=temp。',
  },
  OPTIONS: {
    cause: 'Keys of an OPC UA device contradict each other.',
    retry: false,
    next: 'Give policy None without a mode, or another policy with mode Sign or SignAndEncrypt; a password needs a user; a user certificate its key.',
    nextZh: '策略 None 不写模式，其他策略写 Sign 或 SignAndEncrypt；密码须有用户名，用户证书须有私钥。',
  },
  CONNECT: {
    cause: 'The OPC UA server does not answer at this address, or refuses the connection.',
    retry: true,
    next: 'Check that the server runs, the address and port, the cable, and that no firewall is between.',
    nextZh: '请检查服务器是否在运行、地址和端口、电缆，以及中间的防火墙。',
  },
  SECURITY: {
    cause: 'Server and gateway do not accept each other: security policy, mode or a certificate that is not trusted.',
    retry: true,
    next: 'Compare policy and mode with what `lifeline scan opcua` shows, and trust the certificate of the gateway on the server.',
    nextZh: '请将策略和模式与 `lifeline scan opcua` 所列对照，并在服务器上信任本网关的证书。',
  },
  UNTRUSTED: {
    cause: 'The server shows a certificate that nobody has trusted on this gateway yet, or that was rejected.',
    retry: true,
    next: 'Compare the thumbprint with the one the server itself shows, then `lifeline opcua trust <thumbprint>`.',
    nextZh: '请将指纹与服务器自身显示的对照，一致后执行 `lifeline opcua trust <thumbprint>`。',
  },
  CERTIFICATE: {
    cause: 'A certificate that a command names is not there, is none, or is named by too little.',
    retry: false,
    next: '`lifeline opcua list` shows every certificate with its thumbprint.',
    nextZh: '用 `lifeline opcua list` 可列出所有证书及其指纹。',
  },
  'CERTIFICATE-ENDS': {
    cause: 'The own certificate of the gateway ends within 30 days, or has ended; servers refuse it from then on.',
    retry: false,
    next: '`lifeline opcua renew`, trust the new one on every server, then `lifeline opcua renew --switch`.',
    nextZh: '请执行 `lifeline opcua renew`，在各服务器上信任新证书，再执行 `lifeline opcua renew --switch`。',
  },
  'SERVER-CERTIFICATE-ENDS': {
    cause: 'The certificate of a server ends within 30 days, or has ended; the gateway refuses it from then on.',
    retry: false,
    next: 'Renew it on the server, then `lifeline scan opcua` shows the new one and `lifeline opcua trust <thumbprint>` accepts it.',
    nextZh: '请在服务器上更新证书，再用 `lifeline scan opcua` 查看、`lifeline opcua trust <thumbprint>` 信任。',
  },
  IDENTITY: {
    cause: 'The server refuses the user: anonymous access is off, or name or password are wrong.',
    retry: true,
    next: 'Set `user` and `passwordFile` (or `userCertificate` and `userKey`) of the device as the server knows them.',
    nextZh: '请按服务器的设置填写设备的 `user` 和 `passwordFile`（或 `userCertificate` 和 `userKey`）。',
  },
  SUBSCRIBE: {
    cause: 'The session stands, but the server refused a subscription.',
    retry: true,
    next: 'Check how many subscriptions and monitored items the server allows to one session.',
    nextZh: '请检查服务器允许每个会话有多少订阅和监视项。',
  },
  NODE: {
    cause: 'The server does not offer a node, or no value of it.',
    retry: false,
    next: 'Browse the server and correct the node in the point table.',
    nextZh: '请浏览服务器，并修改点表中的节点。',
  },
  TYPE: {
    cause:
      'A node holds another kind of value than the point table says: a text where numbers are expected or the other way, an array, bytes, a structure.',
    retry: false,
    next: 'Correct `type` or `node` of the row as the message says; bytes and structures cannot be read.',
    nextZh: '请按提示修改该行的 `type` 或 `node`；字节串和结构体不能读取。',
  },
  POLLING: {
    cause: 'The server refuses to subscribe points, or only allows fewer of them.',
    retry: false,
    next: 'Nothing need be done: they are read at every period. Raise the limits of the server if that is too slow.',
    nextZh: '无需处理：这些点按周期读取。若太慢，请提高服务器的上限。',
  },
  DEADBAND: {
    cause: 'The server knows no deadband for a point, such as one that is no number; every change of it is sent.',
    retry: false,
    next: 'Nothing need be done: the gateway itself holds back small changes on the way upstream. Or take `serverDeadband` away.',
    nextZh: '无需处理：网关上送时自行滤去小变化。也可去掉 `serverDeadband`。',
  },
  GAP: {
    cause: 'The server dropped values before they reached the gateway, and could not send them again.',
    retry: false,
    next: 'Raise `queueSize` of the device or the period of its points, and check the load of the server and the network.',
    nextZh: '请调大设备的 `queueSize` 或各点的周期，并检查服务器和网络的负载。',
  },
  CLOCK: {
    cause: 'The clock of the server and that of the gateway differ by more than five seconds.',
    retry: false,
    next: 'Set both by the same time server (NTP); values keep the time their source gave them.',
    nextZh: '请让两者与同一时间服务器（NTP）对时；数值保留其来源给出的时间。',
  },
  WRITE: {
    cause: 'The server refuses a value, or did not answer to its writing.',
    retry: false,
    next: 'Check access rights of the user, data type and range of the node on the server.',
    nextZh: '请检查该用户的权限，以及服务器上该节点的数据类型和范围。',
  },
  LOST: {
    cause: 'The connection, session or subscription ended.',
    retry: true,
    next: 'Check whether the server was restarted or limits its sessions, and the network between.',
    nextZh: '请检查服务器是否重启过或限制会话数，以及中间的网络。',
  },
});
