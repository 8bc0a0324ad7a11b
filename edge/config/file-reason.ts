import { both, type Text } from '../core/text.ts';

const words: Readonly<Record<string, Text>> = {
  ENOENT: both('there is no such file', '文件不存在'),
  EISDIR: both('it is a folder', '它是一个目录'),
  EACCES: both('its permissions forbid it', '没有权限'),
};
const colon: Text = both(': ', '：');

/** Why the system refuses a file, in words behind a colon; empty when it does not say. */
export function fileReason(cause: unknown, language: keyof Text = 'en'): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? `${colon[language]}${words[code]?.[language] ?? code}` : '';
}
