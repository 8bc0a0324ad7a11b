import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, Scalar, stringify } from 'yaml';
import { replaceFile } from '../../config/draft.ts';
import { secretsFile } from '../../config/secrets.ts';

const mode = 0o600;

/** A secret as it is named in `gateway.yaml`. */
export function secretNamed(name: string): Scalar {
  const named = new Scalar(name);
  named.tag = '!secret';
  return named;
}

/**
 * Puts secrets, empty ones apart, into the secrets file beside `gateway.yaml`, which keeps the others; gives what puts the
 * file back as it was.
 */
export async function keepSecrets(
  file: string,
  secrets: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  const given = Object.entries(secrets).filter(([, secret]) => secret !== '');
  if (given.length === 0) return async () => undefined;
  const path = join(dirname(file), secretsFile);
  const before = await readFile(path, 'utf8').catch(() => undefined);
  const others: unknown = before === undefined ? {} : parse(before);
  await replaceFile(
    path,
    stringify({ ...(others as Readonly<Record<string, unknown>>), ...Object.fromEntries(given) }),
    mode,
  );
  return () => (before === undefined ? rm(path, { force: true }) : replaceFile(path, before, mode));
}
