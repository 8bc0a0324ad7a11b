import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ConfigurationTexts } from './configuration-texts.ts';
import { replaceFile } from './draft.ts';

/** Versions that are kept; the oldest goes for the next. */
const maxVersions = 20;
const nameOf = (number: number): string => `configuration-${String(number).padStart(6, '0')}.json`;
const numberIn = (name: string): number => Number(/^configuration-(\d{6,})\.json$/.exec(name)?.[1] ?? Number.NaN);

const version = z.strictObject({
  format: z.literal('lifeline-configuration/1'),
  /** ms since epoch. */
  time: z.number(),
  by: z.string(),
  hash: z.string(),
  texts: z.array(z.tuple([z.string(), z.string()])),
});

/** A configuration that was in force once; who brought it there is empty where that was not done over the console. */
export interface KeptVersion {
  readonly number: number;
  readonly time: number;
  readonly by: string;
  readonly hash: string;
  readonly texts: ConfigurationTexts;
}

/** The last configurations, in the data folder. They hold what is written of secrets, so that only the owner may read them. */
export class ConfigurationVersions {
  private readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'configurations');
  }

  /** The newest first; what cannot be read is left out. */
  async list(): Promise<readonly KeptVersion[]> {
    const read = await Promise.all((await this.numbers()).map((number) => this.find(number)));
    return read.filter((one) => one !== undefined);
  }

  async find(number: number): Promise<KeptVersion | undefined> {
    const text = await readFile(join(this.folder, nameOf(number)), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const parsed = version.safeParse(parsedJson(text));
    if (!parsed.success) return undefined;
    const { time, by, hash, texts } = parsed.data;
    return { number, time, by, hash, texts: new Map(texts) };
  }

  /** Keeps one more and gives its number. */
  async add({ texts, ...rest }: Omit<KeptVersion, 'number'>): Promise<number> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const numbers = await this.numbers();
    const number = (numbers[0] ?? 0) + 1;
    const body = { format: 'lifeline-configuration/1', ...rest, texts: [...texts] };
    await replaceFile(join(this.folder, nameOf(number)), `${JSON.stringify(body)}\n`, 0o600);
    for (const old of numbers.slice(maxVersions - 1)) await this.remove(old);
    return number;
  }

  async remove(number: number): Promise<void> {
    await rm(join(this.folder, nameOf(number)), { force: true });
  }

  private async numbers(): Promise<readonly number[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names
      .map(numberIn)
      .filter(Number.isInteger)
      .sort((a, b) => b - a);
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
