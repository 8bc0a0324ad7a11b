import { useState } from 'preact/hooks';
import type { Problem as CodedProblem } from '../../../../core/errors.ts';
import type { AuditView } from '../../../wire.ts';
import { getJson } from '../feed.ts';
import { dateText, timeText } from '../format.ts';
import { t } from '../language.ts';
import { Problem } from '../parts/problem.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { may } from '../session.ts';
import { usePolled } from '../use-polled.ts';

type Entry = AuditView['entries'][number];

/** The newest where no sequence is given. */
const readAudit = (before: string): Promise<AuditView> =>
  getJson(before === '' ? '/api/audit' : `/api/audit?${new URLSearchParams({ before })}`);

/** Who did what, newest first. For engineers. */
export function AuditPage() {
  if (!may('engineer')) return <p class="panel empty-line">{t('needsEngineerToRead')}</p>;
  return <Audit />;
}

function Audit() {
  const [before, setBefore] = useState('');
  const { view, problem } = usePolled(readAudit, before, { everyMs: 5_000, paused: false });
  const oldest = view?.entries.at(-1)?.sequence ?? 1;
  return (
    <div class="stack">
      <div class="page-head">
        <h1>{t('audit')}</h1>
        <button type="button" class="button" disabled={before === ''} onClick={() => setBefore('')}>
          {t('newest')}
        </button>
        <button type="button" class="button" disabled={oldest <= 1} onClick={() => setBefore(String(oldest))}>
          {t('older')}
        </button>
      </div>
      <p class="form-hint">{t('auditHint')}</p>
      <Problem text={problem} />
      {view && <AuditTable entries={view.entries} />}
    </div>
  );
}

const columns = ['time', 'who', 'role', 'from', 'action', 'target', 'outcome', 'before', 'after'] as const;

function AuditTable({ entries }: { entries: readonly Entry[] }) {
  return (
    <section class="panel" aria-label={t('audit')}>
      <table class="table audit-table">
        <thead>
          <tr>
            <th scope="col" class="numeric">
              №
            </th>
            {columns.map((key) => (
              <th key={key} scope="col">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.sequence}>
              <th scope="row" class="numeric" title={entry.hash}>
                {entry.sequence}
              </th>
              <td>
                {dateText(entry.time)} {timeText(entry.time)}
              </td>
              <td>{entry.who}</td>
              <td>{entry.role}</td>
              <td>{entry.from}</td>
              <td>
                <code>{entry.action}</code>
              </td>
              <td>{entry.target}</td>
              <td>
                <Outcome entry={entry} />
              </td>
              <td>{valueText(entry.before)}</td>
              <td>{valueText(withoutProblem(entry.after))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Why something was refused, where whoever refused it said so in both languages. */
const problemOf = (after: unknown): CodedProblem | undefined =>
  (after as { readonly problem?: CodedProblem | null } | null)?.problem ?? undefined;

function withoutProblem(after: unknown): unknown {
  if (typeof after !== 'object' || after === null) return after;
  const { problem: _, ...rest } = after as { readonly problem?: unknown };
  return rest;
}

function Outcome({ entry: { outcome, after } }: { entry: Entry }) {
  const problem = problemOf(after);
  if (outcome === 'done') return <>{t('done')}</>;
  return problem ? <Trouble said={outcome} problem={problem} /> : <code>{outcome}</code>;
}

/** A value in one line, without the marks of JSON around plain texts. */
function valueText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
