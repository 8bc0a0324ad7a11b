import { picture } from './feed.ts';
import { t } from './language.ts';
import { hasAccount } from './session.ts';

const storageKey = 'lifeline.operator';
const maxLength = 64;

/** Who is at this screen: the account's name, without one the name kept here; undefined where nobody has said. */
export const ownName = (): string | undefined =>
  (hasAccount() ? picture.session?.caller.name : localStorage.getItem(storageKey)?.trim()) || undefined;

/** In whose name alarms are acknowledged on this screen: the own one, else the post. */
export const operatorName = (): string => ownName() ?? t('operator');

/** Keeps the name for this screen; an empty one returns to the post. */
export function keepOperator(name: string): void {
  const trimmed = name.trim().slice(0, maxLength);
  if (trimmed === '') localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, trimmed);
}
