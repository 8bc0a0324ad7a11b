import type { Graded, Grading, RaisedAlarm } from './grading.ts';

/** Rows are counted for so long after the first alarm of a happening, ms: what an operator must take in at once. */
const firstLookMs = 600_000;

/** How happenings and the rows of the alarms page fit together. Shares are 0..1; null of nothing. */
export interface RowFigures {
  /** Share of those detected that are shown as one incident. */
  readonly oneIncident: number | null;
  /** Most rows that one of them brought onto the page of alarms within ten minutes of its first alarm. */
  readonly mostRows: number | null;
  /** Of the incidents that they are shown as, the share that holds alarms of another happening too. */
  readonly joinedIncidents: number | null;
}

/** Which happenings, decoys included, have alarms in each incident. */
export type Owners = ReadonlyMap<string, ReadonlySet<string>>;

export function ownersOf({ happenings }: Grading): Owners {
  const owners = new Map<string, Set<string>>();
  for (const { truth, alarms } of happenings)
    for (const { incident } of alarms)
      owners.set(incident, (owners.get(incident) ?? new Set()).add(truth.happening.id));
  return owners;
}

/** @param found happenings that were detected */
export function rowFigures(found: readonly Pick<Graded, 'alarms'>[], owners: Owners): RowFigures {
  const shown = found.map(({ alarms }) => new Set(alarms.map(({ incident }) => incident)));
  const incidents = new Set(shown.flatMap((own) => [...own]));
  const joined = [...incidents].filter((incident) => (owners.get(incident)?.size ?? 0) > 1);
  return {
    oneIncident: found.length > 0 ? shown.filter(({ size }) => size === 1).length / found.length : null,
    mostRows: found.length > 0 ? Math.max(...found.map(({ alarms }) => rowsOf(alarms))) : null,
    joinedIncidents: incidents.size > 0 ? joined.length / incidents.size : null,
  };
}

/** On the page of alarms an incident is a row, and so is each safety alarm. */
function rowsOf(alarms: readonly RaisedAlarm[]): number {
  const untilMs = (alarms[0]?.raisedMs ?? 0) + firstLookMs;
  const early = alarms.filter(({ raisedMs }) => raisedMs <= untilMs);
  const rows = early.flatMap(({ incident, safety, asset, kind }) => [
    incident,
    ...(safety ? [`${asset}/${kind} of safety`] : []),
  ]);
  return new Set(rows).size;
}
