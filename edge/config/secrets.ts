import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Text } from '../core/text.ts';
import { configErrors } from './errors.ts';
import { checkAgainst, parseLocatedYaml } from './located-yaml.ts';
import { type Problem, problemAt } from './problem.ts';
import { configTexts } from './texts.ts';

/** Beside `gateway.yaml`: a map of names and texts. */
export const secretsFile = 'secrets.yaml';
const maxFileBytes = 1_000_000;
/** Permissions of everybody but the owner. */
const othersMask = 0o077;

const secretName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
const secretsSpec = z.record(z.string().regex(secretName), z.string().min(1));

/** Names that follow `!secret` anywhere in a text; more than there are do no harm. */
const namesIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/!secret\s+["']?([^\s"',}\]]+)/g)].map(([, name]) => name as string));

/**
 * What the secrets that a configuration names are: from the folder of systemd credentials (LoadCredential), where there is
 * one, else from `secrets.yaml`, which nobody but its owner may read. One that is found nowhere is not in the map.
 */
export async function readSecrets(
  text: string,
  folder: string,
  credentials: string | undefined,
): Promise<{ readonly secrets: ReadonlyMap<string, string>; readonly problems: readonly Problem[] }> {
  const secrets = new Map<string, string>();
  const names = [...namesIn(text)].filter((name) => secretName.test(name));
  if (credentials !== undefined) {
    for (const name of names) {
      const found = await readFile(join(credentials, name), 'utf8').catch(() => undefined);
      if (found !== undefined) secrets.set(name, found.trim());
    }
  }
  if (names.every((name) => secrets.has(name))) return { secrets, problems: [] };
  const file = join(folder, secretsFile);
  const about = await stat(file).catch(() => undefined);
  if (!about) return { secrets, problems: [] };
  const refuse = (why: Text) => {
    const error = configErrors.create('SECRET', why);
    return { secrets, problems: [problemAt({ file, line: 1, column: 1, path: '' }, error)] };
  };
  if ((about.mode & othersMask) !== 0) return refuse(configTexts.openSecrets(file));
  if (about.size > maxFileBytes) return refuse(configTexts.tooManySecrets(file, about.size, maxFileBytes));
  const { value, problems } = checkAgainst(parseLocatedYaml(file, await readFile(file, 'utf8')), secretsSpec);
  for (const [name, secret] of Object.entries(value ?? {})) if (!secrets.has(name)) secrets.set(name, secret);
  return { secrets, problems };
}
