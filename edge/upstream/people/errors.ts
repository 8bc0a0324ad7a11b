import { defineShownErrors } from '../../core/errors.ts';

export const peopleErrors = defineShownErrors('PEOPLE', {
  NAME: {
    cause: 'A person or channel is named that is not there, or two have the same id.',
    retry: false,
    next: 'Correct the name, or add the person or channel.',
    nextZh: '请更正名称，或添加该人员或渠道。',
  },
  GAP: {
    cause: 'The shifts of the week leave a time without anybody; all people are then told in their order.',
    retry: false,
    next: 'Add a shift for the time, if it is not meant so.',
    nextZh: '若非有意，请为该时段安排班次。',
  },
  OVERLAP: {
    cause: 'Two shifts of the week run at the same time; the people of both are told, those of the first one first.',
    retry: false,
    next: 'Shorten one of the shifts, if it is not meant so.',
    nextZh: '若非有意，请缩短其中一个班次。',
  },
  UNREACHABLE: {
    cause:
      'The service that brings messages to people does not answer: it is down, the address is wrong, or a firewall is between.',
    retry: true,
    next: 'Check the address of the channel, the network of this machine, and its proxy or firewall.',
    nextZh: '请检查该渠道的地址、本机网络以及代理或防火墙。',
  },
  TIMEOUT: {
    cause: 'The service took the connection and did not answer in time.',
    retry: true,
    next: 'Nothing, when it comes back by itself; the message is sent again, so that it may arrive twice.',
    nextZh: '若自行恢复则无需处理；消息会重发，可能收到两次。',
  },
  REFUSED: {
    cause:
      'The service answered that it does not take the message: a wrong key or template, an unknown person, or its own limit.',
    retry: true,
    next: 'Read the answer in the text; check key, url, headers and body of the channel, and the address of the person.',
    nextZh: '请看文中的答复；检查该渠道的密钥、url、headers 和 body，以及收件人的地址。',
  },
});
