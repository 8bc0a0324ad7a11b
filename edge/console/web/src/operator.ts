import { t } from './language.ts';

const storageKey = 'lifeline.operator';
const maxLength = 64;

/** In whose name alarms are acknowledged on this screen: the name kept here, else the post. */
export const operatorName = (): string => localStorage.getItem(storageKey)?.trim() || t('operator');

/** Keeps the name for this screen; an empty one returns to the post. */
export function keepOperator(name: string): void {
  const trimmed = name.trim().slice(0, maxLength);
  if (trimmed === '') localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, trimmed);
}
