/** What is named as it is in both languages: commands, keys of files, paths, codes, and what callers have sent. */
const names =
  /`[^`]*`|“[^”]*”|OPC UA|Modbus TCP|RTU over TCP|openssl [a-z0-9]+|lifeline [a-z]+( [a-z]+)*( --?[a-z]+| NAME| owner)*|<[^>]*>|\/api\/[\w-]+|LL-[A-Z-]+|\b(GET|POST|chmod 600)\b/g;
/** Words of another language in a Chinese text. */
const foreign = (text: string) => text.replaceAll(names, '').match(/[A-Za-z]{2,}( [A-Za-z]{2,})+/g) ?? [];

/** Whether a text can be read by who reads Chinese alone. */
export const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text) && foreign(text).length === 0;
