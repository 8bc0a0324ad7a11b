import type { Remark } from '../core/remark.ts';
import { both } from '../core/text.ts';
import { inboxErrors } from './errors.ts';

/**
 * Warns of orders that are listed and can never be taken, for want of a proof that they are the centre's.
 * @param key names the entry's key that holds the secret or its file
 * @param trust names the one by which the road is trusted without it, where the kind of sink has one
 */
export function reviewOrders(entry: Readonly<Record<string, unknown>>, key: string, trust?: string): readonly Remark[] {
  const { orders } = entry;
  const trusted = trust !== undefined && entry[trust] === true;
  if (!Array.isArray(orders) || orders.length === 0 || entry[key] !== undefined || trusted) return [];
  const listed = orders.join(', ');
  const error = inboxErrors.create(
    'NO-KEY',
    both(`orders (${listed}) without ${key}: none of them is taken`, `orders（${listed}）没有 ${key}：一律不执行`),
  );
  const instead =
    trust === undefined
      ? both('', '')
      : both(
          `, or ${trust}: true where nobody but the centre may publish orders`,
          `；若只有中心能发布命令，也可写 ${trust}: true`,
        );
  return [
    {
      path: ['orders'],
      severity: 'warning',
      error,
      fix: both(`give ${key}${instead.en}`, `请给出 ${key}${instead.zh}`),
    },
  ];
}
