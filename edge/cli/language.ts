import type { Text } from '../core/text.ts';

export type Language = keyof Text;

/** Chinese when the terminal's locale is Chinese. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  return (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '').startsWith('zh') ? 'zh' : 'en';
}
