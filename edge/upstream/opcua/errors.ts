import { defineShownErrors } from '../../core/errors.ts';

export const opcuaServerErrors = defineShownErrors('OPCUASERVER', {
  LISTEN: {
    cause:
      'The OPC UA server of the sink cannot listen at its address: the port is taken, or the address is not one of this machine.',
    retry: true,
    next: 'Give the sink another port, or the address of a network card of this machine (ss -ltnp shows who has the port).',
    nextZh: '请换一个端口，或填写本机网卡的地址（`ss -ltnp` 可查端口被谁占用）。',
  },
  CLOSED: {
    cause: 'Description of the points changed: the OPC UA server of the sink starts again with the new one.',
    retry: true,
    next: 'Nothing; clients connect again by themselves.',
    nextZh: '无需处理，客户端会自行重连。',
  },
  'NO-USERS': {
    cause: 'The sink has neither users nor anonymous access: no client could read anything.',
    retry: false,
    next: 'Give it users with name and password (!secret), or write anonymous: true.',
    nextZh: '请为其配置带用户名和密码（!secret）的用户，或写 anonymous: true。',
  },
  UNPROTECTED: {
    cause: 'Clients beyond this machine may read without a certificate, or see passwords on the wire.',
    retry: false,
    next: 'Take None out of policies and leave trustUnknown and anonymous off, or let the sink listen on 127.0.0.1.',
    nextZh: '请从 policies 中去掉 None，不启用 trustUnknown 和 anonymous，或只监听 127.0.0.1。',
  },
});
