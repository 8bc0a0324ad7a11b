import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const unitFile = fileURLToPath(new URL('../systemd/lifeline.service', import.meta.url));

/** Variables of the service, but for the cache of stripped sources: compiled output starts as fast without. */
export async function serviceEnvironment(): Promise<Record<string, string>> {
  const unit = await readFile(unitFile, 'utf8');
  const variables = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value] as const);
  return Object.fromEntries(variables.filter(([name]) => name !== 'NODE_COMPILE_CACHE'));
}
