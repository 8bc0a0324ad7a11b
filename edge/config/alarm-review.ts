import { resolve } from 'node:path';
import { LifelineError } from '../core/errors.ts';
import { limitJudge, withoutReview } from './alarm-limits.ts';
import { alarmSources } from './alarm-subjects.ts';
import { type AlarmTable, isAlarmColumn, readAlarmTable } from './alarm-table.ts';
import { pointErrors } from './errors.ts';
import type { LoadedGateway } from './loaded-gateway.ts';
import type { LocatedYaml } from './located-yaml.ts';
import { openTableFile } from './point-table-file.ts';
import { problemAt } from './problem.ts';

type Packed = Pick<LoadedGateway, 'config' | 'devices' | 'assets' | 'packs' | 'tags'>;

const nothing: AlarmTable = { corrections: new Map(), problems: [], warnings: [] };

/** A reviewed sheet against the alarms that the packs have. Rejects with `LL-CONFIG-FILE` when it cannot be read. */
export async function readReview(file: string, loaded: Packed): Promise<AlarmTable> {
  try {
    const { sheets } = await openTableFile(file, {}, isAlarmColumn);
    const unreviewed = { ...loaded, assets: withoutReview(loaded.assets), corrections: nothing.corrections };
    return readAlarmTable(sheets, alarmSources(unreviewed), limitJudge(unreviewed));
  } catch (error) {
    const located = error instanceof LifelineError && Object.hasOwn(pointErrors.catalogue, error.code);
    if (!located) throw error;
    return { ...nothing, problems: [problemAt({ file, line: 1, column: 1, path: '' }, error)] };
  }
}

/** The corrections that `gateway.yaml` names. */
export async function readCorrections(yaml: LocatedYaml, folder: string, loaded: Packed): Promise<AlarmTable> {
  const { table } = loaded.config.alarms;
  if (table === undefined) return nothing;
  return readReview(resolve(folder, table), loaded).catch((error: unknown) => {
    if (!(error instanceof LifelineError)) throw error;
    return { ...nothing, problems: [yaml.problem(['alarms', 'table'], error)] };
  });
}
