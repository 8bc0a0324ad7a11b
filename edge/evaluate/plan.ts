import type { LifelineError } from '../core/errors.ts';
import { type ColumnKind, kindOf } from './column-kind.ts';
import { evaluateErrors } from './errors.ts';
import type { Table } from './table.ts';

/** What the user may say of a column. */
export type Role = ColumnKind | 'ignore';

/** Names that only the truth about anomalies has; such a column is never an input. */
const truthNames =
  /^(label|labels|anomaly|anomalies|is[_ ]?anomaly|anomaly[_ ]?label|attack|is[_ ]?attack|att_flag|normal\/attack|ground[_ ]?truth|fault|is[_ ]?fault|changepoint|异常|标签)$/i;

/** How each column is taken. */
export interface ColumnPlan {
  /** Kind of each column of the table; undefined where it is dropped. */
  readonly kinds: readonly (ColumnKind | undefined)[];
  /** Names of the columns that models and watches use. */
  readonly used: readonly string[];
  readonly dropped: readonly { readonly name: string; readonly why: string }[];
  readonly warnings: readonly LifelineError[];
}

/** Decides from the training rows, and from roles where they are given. */
export function planColumns(
  table: Table,
  [from, to]: readonly [number, number],
  roles: ReadonlyMap<string, Role>,
): ColumnPlan {
  const dropped: { name: string; why: string }[] = [];
  const warnings: LifelineError[] = [];
  const values = new Float64Array(to - from);
  const kinds = table.names.map((name, column): ColumnKind | undefined => {
    const drop = (why: string) => void dropped.push({ name, why });
    const role = roles.get(name);
    if (role === 'ignore') return drop('ignored, as asked for');
    if (role === undefined && truthNames.test(name)) {
      warnings.push(evaluateErrors.create('LABEL', `take column "${name}": it looks like the truth and is left out`));
      return drop('it looks like the truth about anomalies');
    }
    if (table.prose.has(name)) return drop('it holds free text');
    table.store.slice(column, from, to, values);
    const kind = kindOf(values, table.words[column] !== undefined);
    if (kind === undefined) return drop('no value in the training rows');
    if (kind !== 'constant') return role ?? kind;
    dropped.push({ name, why: 'constant in the training rows: only watched for leaving its value' });
    return 'constant';
  });
  const used = table.names.filter((_, column) => kinds[column] !== undefined && kinds[column] !== 'constant');
  return { kinds, used, dropped, warnings };
}
