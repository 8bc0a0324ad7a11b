import { mkdir, readdir } from 'node:fs/promises';
import { recordErrors } from './errors.ts';

/** Makes a folder that is not there; refuses one that holds anything (`LL-RECORD-FOLDER`). */
export async function newFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return;
  } catch (cause) {
    throw recordErrors.create('FOLDER', `make the folder ${folder}`, cause);
  }
  throw recordErrors.create('FOLDER', `${folder} is not empty`);
}
