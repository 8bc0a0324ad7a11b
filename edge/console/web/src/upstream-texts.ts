import type { Text } from '../../../core/text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** Texts of the page about the platforms above the gateway. */
export const upstreamTexts = {
  upstream: text('上级平台', 'Upstream'),
  forwarded: text('已转发', 'Forwarded'),
  pending: text('待转发', 'Pending'),
  refusedEvents: text('被拒收', 'Refused'),
  oldestPending: text('最早待发', 'Oldest pending'),
  sink: text('平台', 'Platform'),
  noSinks: text(
    '没有配置上级平台：在 gateway.yaml 的 sinks 中添加',
    'No platform is configured: add one to sinks in gateway.yaml',
  ),
  eventsUp: text('事件', 'Events'),
  valuesUp: text('数值', 'Values'),
  rate: text('速率', 'Rate'),
  perMinute: text('条/分', '/min'),
  perSecond: text('个/秒', '/s'),
  unconfirmed: text('等待回执', 'Awaiting receipt'),
  sentValues: text('已发送', 'Sent'),
  backfilled: text('补发', 'Back-filled'),
  thinned: text('补发时滤除', 'Thinned'),
  droppedValues: text('已放弃', 'Dropped'),
  owedValues: text('待补发', 'To be sent'),
  backlog: text('最早待补', 'Backlog'),
  deadLetters: text('死信', 'Dead letters'),
  deadLettersHint: text(
    '平台不接收的事件，等待人工处理；重发或丢弃均记入审计',
    'Events that the platform does not take and that wait for a person; both ways are audited',
  ),
  noDeadLetters: text('无死信', 'No dead letters'),
  deadSince: text('成为死信', 'Dead since'),
  happened: text('发生', 'Happened'),
  reason: text('原因', 'Reason'),
  chooseAll: text('全选', 'Choose all'),
  chosen: text('已选', 'Chosen'),
  resend: text('重发', 'Send again'),
  discard: text('丢弃', 'Discard'),
  confirmDiscard: text('丢弃后不再发送，确认？', 'They will never be sent. Sure?'),
  resentCount: text('已重新发送', 'Sent again:'),
  discardedCount: text('已丢弃', 'Discarded:'),
  needsOperator: text('处理死信需要值班员角色', 'Dealing with dead letters needs the role operator'),
} as const satisfies Readonly<Record<string, Text>>;
