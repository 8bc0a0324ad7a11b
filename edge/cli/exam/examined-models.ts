import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examErrors } from '../../../simulator/exam/errors.ts';
import { versionsOf } from '../../detection/learned/shelf.ts';
import { emptyState, type ModelPlace } from '../../detection/learned/shelf-state.ts';

/**
 * Copies a folder of trained models into another, where the newest version of every asset is in charge from the first second
 * on: an exam is what shows whether it deserves that. The folder itself stays as it is. Throws `LL-EXAM-MODELS` for one that
 * has no models.
 */
export async function examinedModels(from: string, into: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  const models: Record<string, ModelPlace> = {};
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const newest = (await versionsOf(from, name)).at(-1);
    if (newest !== undefined) models[name] = { active: newest, previous: null, shadow: null, counter: newest };
  }
  if (Object.keys(models).length === 0)
    throw examErrors.create('MODELS', `examine with the models of ${from}: there are none`);
  await cp(from, into, { recursive: true });
  await writeFile(join(into, 'state.json'), JSON.stringify({ ...emptyState, models }));
}
