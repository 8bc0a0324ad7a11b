import type { Problem } from '../../edge/core/errors.ts';
import { isChinese } from '../console/chinese.ts';

/** What a status says of its trouble that readers of Chinese could not read. */
export function inEnglish({ problem }: { readonly problem?: Problem }): string[] {
  const { message, next } = problem?.zh ?? { message: 'no problem told', next: '' };
  return [message, next].filter((text) => !isChinese(text));
}
