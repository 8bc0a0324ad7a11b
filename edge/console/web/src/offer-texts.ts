import type { Text } from '../../../core/text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** Texts about configurations that the centre offers. */
export const offerTexts = {
  offers: text('中心下发', 'Offers of the centre'),
  offersHint: text(
    '中心建议的配置只在有人于此应用后生效；拒绝时须说明理由，理由会告知中心',
    'What the centre offers comes into force only when somebody applies it here; the centre is told why one is refused',
  ),
  noOffers: text('中心没有下发配置', 'The centre has offered no configuration'),
  offeredBy: text('下发者', 'Offered by'),
  cameAt: text('收到', 'Came'),
  offerUntil: text('有效至', 'Valid until'),
  'offer-waiting': text('待处理', 'Waiting'),
  'offer-applied': text('已应用', 'Applied'),
  'offer-refused': text('已拒绝', 'Refused'),
  'offer-expired': text('已过期', 'Expired'),
  offer: text('下发配置', 'Offer'),
  offerChanges: text('应用后将有的改动', 'What it would change now'),
  offerChangesNothing: text('与现有配置相同', 'It is what stands already'),
  offerMoved: text(
    '现有配置刚被他人更改，未应用；下面是按现有配置重新比较的差异',
    'Somebody has changed the configuration meanwhile, and nothing was applied; this is the difference against it now',
  ),
  refuseOffer: text('拒绝', 'Refuse'),
  refuseQuestion: text('拒绝并告知中心？', 'Refuse it and tell the centre?'),
  refuseWhy: text('拒绝理由', 'Why it is refused'),
} as const satisfies Readonly<Record<string, Text>>;
