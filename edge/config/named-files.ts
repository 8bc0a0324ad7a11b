import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { isPair, isScalar, parseDocument, type Scalar, visit } from 'yaml';

/** Keys whose values are secrets, and keys whose values are files that hold one. */
const secretKey = /(password|passphrase|secret|token|seed|apikey)$/i;
const secretFileKey = /(password|secret|token|credentials)File$/;
/** Addresses that carry a password or a key. */
const secretAddress = /\/\/[^/@\s]+@|[?&](key|token|access_token|secret)=/i;
/** What is looked for beside what is named. */
const unnamed = ['learned', 'secrets.yaml'];

/** A file or folder that a configuration names. */
export interface NamedFile {
  /** Relative to the folder of the configuration, with "/"; absolute where it lies elsewhere. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Whether it is named as the home of a secret. */
  readonly secret: boolean;
}

/** A text in the configuration, under the last key that leads to it. */
interface KeyedText {
  readonly key: string;
  readonly text: string;
  readonly node: Scalar;
}

/**
 * Every file and folder that is there and that some text of a configuration names, whichever key it is under; those that
 * are taken without being named too. A configuration with mistakes is looked through as far as it can be read.
 */
export async function namedFiles(text: string, folder: string): Promise<readonly NamedFile[]> {
  const named = [...textsOf(text), ...unnamed.map((file) => ({ key: '', text: file }))];
  const found = new Map<string, NamedFile>();
  for (const { key, text: name } of named) {
    const file = resolve(folder, name.replace(/^file:/, ''));
    const about = await stat(file).catch(() => undefined);
    if (!about || file === resolve(folder) || !(about.isFile() || about.isDirectory())) continue;
    const inside = relative(folder, file);
    const path = inside.startsWith('..') ? file : inside.split(sep).join('/');
    const secret = secretFileKey.test(key) || path === 'secrets.yaml' || (found.get(path)?.secret ?? false);
    found.set(path, { path, isFolder: about.isDirectory(), secret });
  }
  return [...found.values()];
}

/**
 * The text with every secret that is written into it replaced by `!secret <place>`, comments and layout as they were;
 * with the names of those places and what stood there.
 */
export function withoutSecrets(text: string): {
  readonly text: string;
  readonly places: readonly string[];
  readonly written: readonly string[];
} {
  const places: string[] = [];
  const written: string[] = [];
  let [result, taken] = ['', 0];
  for (const { key, text: value, node } of textsOf(text)) {
    if (node.tag === '!secret' || !node.range || !(secretKey.test(key) || secretAddress.test(value))) continue;
    const [from, to] = node.range;
    places.push(`left-out-${places.length + 1}-${key}`.replace(/[^A-Za-z0-9_.-]/g, '').slice(0, 64));
    written.push(text.slice(from, to));
    result += `${text.slice(taken, from)}!secret ${places.at(-1)}`;
    taken = to;
  }
  return { text: result + text.slice(taken), places, written };
}

/** In the order in which they stand. */
function textsOf(text: string): readonly KeyedText[] {
  const texts: KeyedText[] = [];
  visit(parseDocument(text, { logLevel: 'silent' }), {
    Scalar(place, node, path) {
      if (place === 'key' || typeof node.value !== 'string') return;
      const pair = path.findLast(isPair);
      texts.push({ key: isScalar(pair?.key) ? String(pair.key.value) : '', text: node.value, node });
    },
  });
  return texts;
}
