import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configErrors } from './errors.ts';
import type { LocatedYaml } from './located-yaml.ts';
import type { Problem } from './problem.ts';
import { configTexts } from './texts.ts';

/** The public keys that `detection.trustedKeys` names, or what is wrong with them. */
export async function readTrustedKeys(
  yaml: LocatedYaml,
  files: readonly string[],
  folder: string,
): Promise<{ readonly keys: readonly KeyObject[]; readonly problems: readonly Problem[] }> {
  const keys: KeyObject[] = [];
  const problems: Problem[] = [];
  for (const [index, file] of files.entries()) {
    const path = ['detection', 'trustedKeys', index];
    const text = await readFile(resolve(folder, file), 'utf8').catch((cause: unknown) => cause);
    if (typeof text !== 'string') {
      problems.push(yaml.problem(path, configErrors.create('FILE', configTexts.cannotRead(file, text), text)));
      continue;
    }
    const key = publicKeyIn(text);
    if (key) keys.push(key);
    else problems.push(yaml.problem(path, configErrors.create('VALUE', configTexts.noPublicKey(file))));
  }
  return { keys, problems };
}

/** Undefined for what is no public key of that kind; a private key is none to be laid here. */
function publicKeyIn(pem: string): KeyObject | undefined {
  if (!pem.includes('PUBLIC KEY')) return undefined;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
