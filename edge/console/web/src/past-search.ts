import { useEffect, useState } from 'preact/hooks';
import type { HistoryLine } from '../../alarm-history-api.ts';
import { readPast } from './alarm-feed.ts';
import { csvTable } from './csv.ts';
import { say, tOr } from './language.ts';

/** Lines that one look brings, and answers that it takes at most: each has looked at ten thousand events. */
const linesPerLook = 100;
const answersPerLook = 10;
/** Lines of a file. */
export const maxLinesSaved = 10_000;

interface Found {
  readonly lines: readonly HistoryLine[];
  /** What to go on before; null at the end, undefined before the first answer. */
  readonly next: number | null | undefined;
  /** ms since epoch; undefined before the first answer. */
  readonly searchedTo: number | undefined;
}

const nothing: Found = { lines: [], next: undefined, searchedTo: undefined };

async function goOn(query: string, { lines, next }: Found, most: number): Promise<Found> {
  const asked = new URLSearchParams(query);
  if (typeof next === 'number') asked.set('before', `${next}`);
  asked.set('most', `${Math.min(most, 500)}`);
  const answer = await readPast(`${asked}`);
  return { ...answer, lines: [...lines, ...answer.lines] };
}

/** What is found of the past, newest first, a look at a time; a component that asks something else is another one. */
export function usePast(query: string) {
  const [found, keep] = useState(nothing);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(true);
  const [looks, look] = useState(1);
  useEffect(() => {
    let current = true;
    const search = async () => {
      let here = found;
      for (let answer = 0; answer < answersPerLook && here.lines.length < looks * linesPerLook; answer++) {
        here = await goOn(query, here, looks * linesPerLook - here.lines.length);
        if (!current) return;
        keep(here);
        if (here.next === null) break;
      }
    };
    setBusy(true);
    setProblem('');
    search()
      .catch((error: Error) => current && setProblem(error.message))
      .finally(() => current && setBusy(false));
    return () => {
      current = false;
    };
  }, [looks]);
  return { ...found, problem, busy, more: () => look((count) => count + 1) };
}

/** All that is found, the newest first, as far as a file holds them. */
export async function readAllPast(query: string): Promise<readonly HistoryLine[]> {
  let here = nothing;
  do here = await goOn(query, here, maxLinesSaved - here.lines.length);
  while (here.next !== null && here.lines.length < maxLinesSaved);
  return here.lines;
}

/** As a table: a row for each event, its time in ISO 8601 (UTC). */
export function pastCsv(lines: readonly HistoryLine[]): string {
  const head = ['time', 'type', 'subject', 'utility', 'priority', 'text', 'by', 'note', 'alarm', 'sequence'];
  const rows = lines.map(({ time, type, subject, utility, priority, text, by, note, alarm, sequence }) => [
    ...[new Date(time).toISOString(), type, subject, utility, priority ? tOr(priority) : '', say(text)],
    ...[by, note, alarm ?? '', `${sequence}`],
  ]);
  return csvTable([head, ...rows]);
}
