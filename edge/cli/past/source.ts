import type { Span, StepGrid } from '../../../models/training/step-grid.ts';
import type { LoadedGateway } from '../../config/load.ts';
import type { MaintenancePeriod } from '../../core/maintenance.ts';
import { count } from '../problems.ts';
import { fromCity } from './from-city.ts';
import { fromCsv } from './from-csv.ts';
import { fromStore } from './from-store.ts';
import { type AlarmedPeriod, journaledIn } from './journaled.ts';
import type { Read, SourceRequest } from './request.ts';
import { utcOffsetMinutes } from './utc-offset.ts';
import { localMoment, type PastWish } from './wish.ts';

/** History of every point that an asset uses, on even steps. */
export interface Past {
  readonly grid: StepGrid;
  readonly utcOffsetMinutes: number;
  /** Where it comes from, in words. */
  readonly source: string;
  /** What was left out of it. */
  readonly notes: readonly string[];
}

/** Hears the good values of a tag as often as it was polled. */
export type PolledValues = (tag: number, times: Float64Array, values: Float64Array) => void;

/** Reads the history that is wanted. Throws coded errors when there is none to learn from. */
export async function readPast(
  { assets, tags, config }: LoadedGateway,
  wish: PastWish,
  onProgress: (share: number) => void,
  onPolled?: PolledValues,
): Promise<Past> {
  const used = new Set(assets.flatMap(({ roles }) => Object.values(roles)));
  const quantities = [...used].sort((a, b) => a - b).map((tag) => tags.at(tag));
  const numbers = quantities.filter(({ shows }) => shows === undefined);
  const names = numbers.map(({ name }) => name);
  const { timezone } = config.gateway;
  const spans = (wish.exclude ?? []).map(({ from, to }) => ({
    fromMs: localMoment(from, timezone),
    toMs: localMoment(to, timezone),
  }));
  const { maintained, alarmed, notes: unknown } = await journaledIn(wish);
  const labelled = labelledByTag({ assets, tags }, [...(wish.labelled ?? []), ...alarmed], maintained);
  const spansOf = (tag: number) => [...spans, ...(labelled.get(tag) ?? [])];
  const read = await sourceOf(wish.from)({
    ...{ names, timezone, wish, onProgress },
    periodMsOf: (column) => numbers[column]?.periodMs ?? 0,
    ...(onPolled
      ? {
          onPolled(column: number, times: Float64Array, values: Float64Array) {
            const tag = tags.indexOf(names[column] as string);
            if (tag === undefined) return;
            const excluded = spansOf(tag);
            const kept = (_: number, row: number) => !isWithin(times[row] as number, excluded);
            onPolled(tag, times.filter(kept), values.filter(kept));
          },
        }
      : {}),
  });
  const { grid } = read;
  const offset = utcOffsetMinutes(timezone, grid.timeMs(grid.steps - 1));
  grid.hold();
  const excluded = grid.exclude(spans);
  for (const [tag, own] of labelled) {
    const column = grid.columns[names.indexOf(tags.at(tag).name)];
    if (column) grid.exclude(own, [column]);
  }
  const notes = [
    ...(excluded > 0 ? [`${excluded} of ${grid.steps} steps excluded`] : []),
    ...(wish.labelled ? [`${wish.labelled.length} judged periods excluded, each of its asset`] : []),
    ...(alarmed.length > 0 ? [`${count(alarmed.length, 'alarm')} excluded, each of its asset`] : []),
    ...(maintained.length > 0 ? [`${count(maintained.length, 'period')} of maintenance excluded`] : []),
    ...unknown,
  ];
  return { grid, utcOffsetMinutes: offset, source: read.source, notes: [...read.notes, ...notes] };
}

/** A condition has begun some time before its alarm; design choice. */
const beforeAlarmMs = 600_000;

/** What is left out of the history of each tag: alarms of its asset, and maintenance of asset or device. */
function labelledByTag(
  { assets, tags }: Pick<LoadedGateway, 'assets' | 'tags'>,
  judged: readonly AlarmedPeriod[],
  maintained: readonly MaintenancePeriod[],
): ReadonlyMap<number, readonly Span[]> {
  const byTag = new Map<number, Span[]>();
  const leaveOut = (of: readonly number[], span: Span) => {
    for (const tag of new Set(of)) byTag.set(tag, [...(byTag.get(tag) ?? []), span]);
  };
  const tagsOf = (asset: string) => Object.values(assets.find(({ id }) => id === asset)?.roles ?? {});
  const tagsOfDevice = (device: string) =>
    assets.flatMap(({ roles }) => Object.values(roles).filter((tag) => tags.at(tag).device === device));
  for (const { asset, from, to } of judged) leaveOut(tagsOf(asset), { fromMs: from - beforeAlarmMs, toMs: to });
  for (const { subject, from, to } of maintained)
    leaveOut([...tagsOf(subject), ...tagsOfDevice(subject)], { fromMs: from, toMs: to });
  return byTag;
}

const isWithin = (timeMs: number, spans: readonly Span[]): boolean =>
  spans.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs);

function sourceOf(from: string): (request: SourceRequest) => Promise<Read> {
  if (from === 'history') return fromStore;
  return from === 'sim' ? fromCity : fromCsv;
}
