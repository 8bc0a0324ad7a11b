import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from './draft.ts';

const nameOf = (number: number): string => `offer-${String(number).padStart(6, '0')}.json`;
const numberIn = (name: string): number => Number(/^offer-(\d{6,})\.json$/.exec(name)?.[1] ?? Number.NaN);

const tables = z.array(z.strictObject({ path: z.string(), cells: z.array(z.array(z.string())) }));

const kept = z.strictObject({
  format: z.literal('lifeline-offer/1'),
  /** Of the order that brought it. */
  id: z.string(),
  by: z.string(),
  /** The sink over which it came. */
  via: z.string(),
  /** ms since epoch: when it came, and until when it may be applied. */
  time: z.number(),
  expires: z.number(),
  reason: z.string(),
  state: z.enum(['waiting', 'applied', 'refused', 'expired']),
  /** Who made it what it is when it waits no more, and why; empty where nobody said. */
  decided: z.strictObject({ by: z.string(), at: z.number(), why: z.string() }).optional(),
  /** What is offered; left out once it waits no more. */
  content: z.strictObject({ yaml: z.string().optional(), tables: tables.optional() }).optional(),
});

type KeptFile = z.output<typeof kept>;

/** A configuration that the centre offers, without what it says. */
export interface KeptOffer extends Omit<KeptFile, 'format' | 'content'> {
  readonly number: number;
}

/** What an offer changes: `gateway.yaml`, and point tables by path; what is left out stays as it is. */
export type OfferContent = NonNullable<KeptFile['content']>;

/** Offers of the centre in the data folder. They may hold secrets, so that only the owner may read them. */
export class KeptOffers {
  private readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'offers');
  }

  /** The oldest first; what cannot be read is left out. */
  async list(): Promise<readonly KeptOffer[]> {
    const names = await readdir(this.folder).catch(() => []);
    const numbers = names.map(numberIn).filter(Number.isInteger);
    const read = await Promise.all(numbers.sort((a, b) => a - b).map(async (number) => this.read(number)));
    return read.flatMap((one) => (one ? [one.offer] : []));
  }

  /** What an offer that waits says. */
  async content(number: number): Promise<OfferContent | undefined> {
    return (await this.read(number))?.content;
  }

  /** Resolves once it is on disk. */
  async keep({ number, ...offer }: KeptOffer, content?: OfferContent): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const body: KeptFile = { format: 'lifeline-offer/1', ...offer, ...(content ? { content } : {}) };
    await replaceFile(join(this.folder, nameOf(number)), `${JSON.stringify(body)}\n`, 0o600);
  }

  async remove(number: number): Promise<void> {
    await rm(join(this.folder, nameOf(number)), { force: true });
  }

  private async read(
    number: number,
  ): Promise<{ readonly offer: KeptOffer; readonly content: OfferContent | undefined } | undefined> {
    const text = await readFile(join(this.folder, nameOf(number)), 'utf8').catch(() => undefined);
    const parsed = text === undefined ? undefined : kept.safeParse(parsedJson(text)).data;
    if (!parsed) return undefined;
    const { format: _, content, ...offer } = parsed;
    return { offer: { ...offer, number }, content };
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
