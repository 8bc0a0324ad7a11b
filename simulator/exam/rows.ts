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

/** Whose each incident is, by what only one happening can have raised, decoys included. */
export type Owners = ReadonlyMap<string, ReadonlySet<string>>;

export function ownersOf({ happenings }: Grading): Owners {
  const owners = new Map<string, Set<string>>();
  for (const { truth, alarms } of happenings)
    for (const { incident, disputed } of alarms)
      if (!disputed) owners.set(incident, (owners.get(incident) ?? new Set()).add(truth.happening.id));
  return owners;
}

/**
 * The alarms of a happening without those that are another's: one that several faults can have raised is no matter of the
 * one it was given to where its incident is another's of them. The truth cannot tell, and the gateway has said which.
 */
export function ownAlarms({ truth, alarms }: Pick<Graded, 'truth' | 'alarms'>, owners: Owners): readonly RaisedAlarm[] {
  return alarms.filter(({ incident, disputed = [] }) => {
    const of = owners.get(incident);
    return of?.has(truth.happening.id) || !disputed.some((id) => of?.has(id));
  });
}

/** @param found happenings that were detected */
export function rowFigures(found: readonly Pick<Graded, 'truth' | 'alarms'>[], owners: Owners): RowFigures {
  const own = found.map((one) => ownAlarms(one, owners));
  const told = own.filter(({ length }) => length > 0);
  const shown = told.map((alarms) => new Set(alarms.map(({ incident }) => incident)));
  const incidents = new Set(shown.flatMap((ids) => [...ids]));
  const joined = [...incidents].filter((incident) => (owners.get(incident)?.size ?? 0) > 1);
  return {
    oneIncident: told.length > 0 ? shown.filter(({ size }) => size === 1).length / told.length : null,
    mostRows: told.length > 0 ? Math.max(...told.map(rowsOf)) : null,
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
