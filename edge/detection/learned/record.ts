import { z } from 'zod';
import type { ShadowTrial } from '../../core/model-shelf.ts';
import { both, type Text } from '../../core/text.ts';
import { DRIFT_BINS, stabilityIndex } from './drift.ts';

/** Days that are kept of each model. */
const KEPT_DAYS = 40;
/** The stability index is formed over so many days: one alone has few independent rows. */
const STABILITY_DAYS = 7;
const DAY_MS = 86_400_000;
/** A shadow must have scored rows of so many days … */
export const TRIAL_DAYS = 3;
/** … seen this share of the events of the model that decides … */
const LEAST_AGREED = 0.95;
/** … and had no larger share of its rows out of model. Design choices. */
const MOST_OUT_OF_MODEL = 0.02;

const count = z.number().int().min(0);
const day = z.object({
  /** UTC date, such as 2026-03-01. */
  date: z.string(),
  /** Rows with a verdict, above the limit, with something missing, out of model. */
  ...{ rows: count, above: count, missing: count, outOfModel: count },
  /** Times that it rose above its limit. */
  episodes: count,
  /** Of a shadow: episodes of the active model meanwhile, and those in which the shadow agreed. */
  activeEpisodes: count,
  agreed: count,
  sum: z.number(),
  largest: z.number(),
  bins: z.array(count).length(DRIFT_BINS),
});
/** What a model's outputs came to on one day. */
export type ModelDay = z.infer<typeof day>;

const entry = z.object({ asset: z.string(), version: count, days: z.array(day) });
/** What is remembered of one version of a model. */
export type ModelEntry = z.infer<typeof entry>;

const record = z.object({ schema: z.literal('lifeline-model-record/1'), models: z.array(entry) });

/** Reads what a gateway has recorded; nothing when the text is not a record. */
export function parseRecord(text: string): readonly ModelEntry[] {
  try {
    const result = record.safeParse(JSON.parse(text));
    return result.success ? result.data.models : [];
  } catch {
    return [];
  }
}

export const recordText = (models: readonly ModelEntry[]): string =>
  `${JSON.stringify({ schema: 'lifeline-model-record/1', models })}\n`;

export const newEntry = (asset: string, version: number): ModelEntry => ({ asset, version, days: [] });

const newDay = (date: string): ModelDay => ({
  ...{ date, rows: 0, above: 0, missing: 0, outOfModel: 0, episodes: 0, activeEpisodes: 0, agreed: 0 },
  ...{ sum: 0, largest: 0, bins: new Array<number>(DRIFT_BINS).fill(0) },
});

/** The day of a moment, begun when it is new; days beyond the limit go. */
export function dayAt(of: ModelEntry, timeMs: number): ModelDay {
  const date = new Date(Math.floor(timeMs / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
  const last = of.days.at(-1);
  if (last?.date === date) return last;
  const begun = newDay(date);
  of.days.push(begun);
  of.days.splice(0, of.days.length - KEPT_DAYS);
  return begun;
}

/** All days of a model together. */
export function totalOf({ days }: ModelEntry): Omit<ModelDay, 'date' | 'bins'> {
  const sum = (pick: (of: ModelDay) => number) => days.reduce((total, each) => total + pick(each), 0);
  return {
    ...{ rows: sum(({ rows }) => rows), above: sum(({ above }) => above), missing: sum(({ missing }) => missing) },
    ...{ outOfModel: sum(({ outOfModel }) => outOfModel), episodes: sum(({ episodes }) => episodes) },
    ...{ activeEpisodes: sum(({ activeEpisodes }) => activeEpisodes), agreed: sum(({ agreed }) => agreed) },
    ...{ sum: sum((each) => each.sum), largest: Math.max(0, ...days.map(({ largest }) => largest)) },
  };
}

/** Population stability index of the last days; 0 until there are enough of them. */
export function stabilityOf({ days }: ModelEntry): number {
  if (days.length < STABILITY_DAYS) return 0;
  const recent = days.slice(-STABILITY_DAYS);
  return stabilityIndex(
    Array.from({ length: DRIFT_BINS }, (_, bin) => recent.reduce((sum, { bins }) => sum + (bins[bin] ?? 0), 0)),
  );
}

/** Rows that are so many days of one every `stepS` seconds. */
export const rowsOfDays = (days: number, stepS: number): number => Math.ceil((days * DAY_MS) / 1000 / stepS);

/** What a shadow has to show before it may take over, beside what it has shown. */
export function trialOf(shadow: ModelEntry | undefined, leastRows: number): ShadowTrial {
  const { rows, episodes, activeEpisodes, agreed, outOfModel } = totalOf(shadow ?? newEntry('', 0));
  return {
    ...{ rows, leastRows, episodes, mostEpisodes: Math.max(1, activeEpisodes) },
    ...{ events: activeEpisodes, agreed, leastAgreed: Math.ceil(LEAST_AGREED * activeEpisodes) },
    ...{ outOfModel, mostOutOfModel: Math.floor(MOST_OUT_OF_MODEL * rows) },
  };
}

/** What speaks against a shadow's taking over, in words; empty when nothing does. */
export function objectionsTo(trial: ShadowTrial): readonly Text[] {
  const { rows, leastRows, episodes, mostEpisodes, events, agreed, leastAgreed, outOfModel, mostOutOfModel } = trial;
  if (rows < leastRows)
    return [
      both(
        `it has scored ${rows} rows in shadow, ${leastRows} are asked`,
        `影子运行已评 ${rows} 行，要求 ${leastRows} 行`,
      ),
    ];
  const objections: Text[] = [];
  if (episodes > mostEpisodes)
    objections.push(
      both(
        `it rose above its limit ${episodes} times, ${mostEpisodes} are allowed`,
        `越限 ${episodes} 次，允许 ${mostEpisodes} 次`,
      ),
    );
  if (agreed < leastAgreed)
    objections.push(
      both(
        `it saw ${agreed} of ${events} events of the active model, ${percent(LEAST_AGREED)} are asked`,
        `当前模型的 ${events} 次事件中发现 ${agreed} 次，要求 ${percent(LEAST_AGREED)}`,
      ),
    );
  if (outOfModel > mostOutOfModel)
    objections.push(
      both(
        `${outOfModel} of ${rows} rows were out of model, ${percent(MOST_OUT_OF_MODEL)} are allowed`,
        `${rows} 行中有 ${outOfModel} 行超出模型范围，允许 ${percent(MOST_OUT_OF_MODEL)}`,
      ),
    );
  return objections;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
