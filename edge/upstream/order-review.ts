import type { Remark } from '../core/remark.ts';
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
  const error = inboxErrors.create('NO-KEY', `orders (${orders.join(', ')}) without ${key}: none of them is taken`);
  const instead = trust === undefined ? '' : `, or ${trust}: true where nobody but the centre may publish orders`;
  return [{ path: ['orders'], severity: 'warning', error, fix: `give ${key}${instead}` }];
}
