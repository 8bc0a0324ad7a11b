import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeError, type LifelineError } from '../../core/errors.ts';
import { modelErrors } from '../errors.ts';
import { type ModelEntry, parseRecord, recordText } from './record.ts';
import { emptyState, parseState, type ShelfState, stateText } from './shelf-state.ts';

/** Name of the record in the data folder. */
export const modelRecord = 'models.json';

/** The files that learned models are steered by and recorded in. Trouble with them is told, never thrown. */
export class ModelsDisk {
  private readonly stateFile: string;
  private readonly recordFile: string | undefined;
  private readonly notice: (error: LifelineError) => void;
  private known = '';

  constructor(stateFile: string, recordFile: string | undefined, notice: (error: LifelineError) => void) {
    this.stateFile = stateFile;
    this.recordFile = recordFile;
    this.notice = notice;
  }

  /** Which models are asked for; undefined when that is as it was before, or cannot be read. */
  async state(): Promise<ShelfState | undefined> {
    const text = await readFile(this.stateFile, 'utf8').catch((cause: NodeJS.ErrnoException) => cause);
    if (typeof text !== 'string' && text.code === 'ENOENT') return this.changed('none') ? emptyState : undefined;
    if (!this.changed(String(text))) return undefined;
    try {
      if (typeof text !== 'string') throw text;
      return parseState(text);
    } catch (cause) {
      this.notice(this.unreadable(cause));
      return undefined;
    }
  }

  /** Which models are asked for. Throws LL-MODEL-STATE when that cannot be read. */
  async read(): Promise<ShelfState> {
    try {
      return parseState(await readFile(this.stateFile, 'utf8'));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return emptyState;
      throw this.unreadable(cause);
    }
  }

  /** Puts in place which models are asked for from now on; throws LL-MODEL-STATE when the disk refuses. */
  async writeState(state: ShelfState): Promise<void> {
    await replaceText(this.stateFile, stateText(state)).catch((cause: unknown) => {
      throw modelErrors.create('STATE', `write ${this.stateFile}: ${describeError(cause)}`, cause);
    });
  }

  /** What was recorded before; nothing when there is no sound record. */
  async record(): Promise<readonly ModelEntry[]> {
    if (this.recordFile === undefined) return [];
    return parseRecord(await readFile(this.recordFile, 'utf8').catch(() => ''));
  }

  /** Puts the record in place whole; one that cannot be written is tried again with the next. */
  async writeRecord(entries: readonly ModelEntry[]): Promise<void> {
    if (this.recordFile === undefined || entries.length === 0) return;
    await replaceText(this.recordFile, recordText(entries)).catch(() => undefined);
  }

  private unreadable(cause: unknown): LifelineError {
    return modelErrors.create('STATE', `read ${this.stateFile}: ${describeError(cause)}`, cause);
  }

  private changed(text: string): boolean {
    const changed = text !== this.known;
    this.known = text;
    return changed;
  }
}

/** Puts a file in place whole or not at all. */
export async function replaceText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.part`;
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
