import { defineShownErrors } from '../../core/errors.ts';

export const sparkplugErrors = defineShownErrors('SPARKPLUG', {
  'HOST-AWAY': {
    cause: 'The primary host is not there: its STATE says offline, or it has said nothing.',
    retry: true,
    next: 'Start the host application, or check that primaryHost is its host id; values are kept in the history meanwhile.',
    nextZh: '请启动主站应用，或核对 primaryHost 是否为其主机标识；其间数据保存在历史库中。',
  },
  SUBSCRIBE: {
    cause: 'The broker does not let this node hear commands or the STATE of its primary host.',
    retry: true,
    next: 'Allow the account to subscribe to spBv1.0/<group>/NCMD/<node>, DCMD and spBv1.0/STATE/<host>.',
    nextZh: '请允许该账户订阅 `spBv1.0/<group>/NCMD/<node>`、`DCMD` 和 `spBv1.0/STATE/<host>`。',
  },
  COMMAND: {
    cause: 'A command of a host names something that this node has not, or a value of another datatype.',
    retry: false,
    next: 'Look at the last birth of the node in the host: names, aliases and datatypes are as told there.',
    nextZh: '请在主站查看该节点最近一次上线报文：名称、别名和数据类型以其为准。',
  },
  'NODE-TAKEN': {
    cause:
      'Two sinks speak as the same edge node: hosts would take the births, deaths and sequence numbers of both for those of one.',
    retry: false,
    next: 'Give one of them another group or node; to reach several brokers of one host, list them under servers of one sink.',
    nextZh: '请为其中一个另设 group 或 node；同一主机的多个代理请写在同一项的 servers 中。',
  },
  NAMES: {
    cause: 'Points of one device have names that are the same but for upper and lower case; some hosts mix them up.',
    retry: false,
    next: 'Give the points other names in the point table.',
    nextZh: '请在点表中为这些点另取名称。',
  },
});
