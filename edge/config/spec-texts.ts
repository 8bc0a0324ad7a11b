import { z } from 'zod';
import { chineseOfText } from '../core/spec-text.ts';

const { localeError } = z.locales.zhCN();

/** What a value that does not fit its description is told by, in Chinese; `message` of the issue is the English. */
export function chineseOf(issue: z.core.$ZodIssue): string {
  const own = chineseOfText(issue.message);
  if (own !== undefined) return own;
  if (issue.code === 'custom') return issue.message;
  const told = localeError(issue as z.core.$ZodRawIssue);
  return (typeof told === 'string' ? told : told?.message) ?? issue.message;
}
