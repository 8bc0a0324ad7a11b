import { useRef, useState } from 'preact/hooks';
import type { ConfigurationProblem, ConfigurationTable, ConfigurationView } from '../../../configuration-api.ts';
import { t } from '../language.ts';
import type { Draft } from '../use-draft.ts';
import { ConflictPanel } from './conflict-panel.tsx';
import { Difference } from './difference.tsx';
import { PointGrid } from './point-grid.tsx';
import { Problem } from './problem.tsx';
import { ProblemList } from './problem-list.tsx';
import { SureButton } from './sure-button.tsx';

/** Columns that a new table begins with. */
const usualColumns = ['tag', 'table', 'address', 'type', 'unit', 'group'];

/** gateway.yaml as text, its point tables as tables; what is wrong, what changes, and the button that puts it in force. */
export function ConfigurationEditor({ draft: work }: { draft: Draft }) {
  const { base, draft, verdict, conflict, applied, problem, busy } = work;
  const [shown, setShown] = useState('');
  const text = useRef<HTMLTextAreaElement>(null);
  if (!base || !draft) return problem === '' ? <p class="empty-line">{t('checking')}</p> : <Problem text={problem} />;
  const paths = [...new Set([...draft.tables.map(({ path }) => path), ...verdict.tables])];
  const table = paths.includes(shown) ? tableAt(draft.tables, shown) : undefined;
  const errorsIn = (file: string) => verdict.errors.filter((error) => error.file === file).length;
  const goTo = ({ file, line, column }: ConfigurationProblem) => {
    if (paths.includes(file)) return setShown(file);
    setShown(base.file);
    const before = draft.yaml.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, own) => sum + own.length + 1, 0) + column - 1;
    requestAnimationFrame(() => {
      text.current?.focus();
      text.current?.setSelectionRange(at, at);
    });
  };
  return (
    <>
      <section class="panel" aria-label={t('configuration')}>
        <div class="form-line">
          <label class="field">
            <span>{t('file')}</span>
            <select value={shown || base.file} onChange={({ currentTarget }) => setShown(currentTarget.value)}>
              {[base.file, ...paths].map((path) => (
                <option key={path} value={path} selected={path === (shown || base.file)}>
                  {optionText(
                    path,
                    errorsIn(path),
                    path === base.file || draft.tables.some((own) => own.path === path),
                  )}
                </option>
              ))}
            </select>
          </label>
          <SureButton
            name={t('apply')}
            of={base.file}
            question={t('applyQuestion')}
            disabled={busy || !work.isJudged || verdict.errors.length > 0 || verdict.changes.length === 0}
            onSure={() => void work.apply()}
          />
          <button type="button" class="button" disabled={busy} onClick={() => void work.read()}>
            {t('dropDraft')}
          </button>
          <span role="status">
            {applied && `${t('applied')} ${applied.version}`}
            {applied && applied.atNextStart.length > 0 && ` · ${t('atNextStart')} ${applied.atNextStart.join(', ')}`}
          </span>
          <Problem text={problem} />
        </div>
        {table ? (
          <PointGrid
            key={table.path}
            name={table.path}
            cells={table.cells}
            columns={base.columns}
            problems={verdict.errors.filter(({ file }) => file === table.path)}
            onCells={(cells) =>
              work.change({ yaml: draft.yaml, tables: withTable(draft.tables, { path: table.path, cells }) })
            }
          />
        ) : (
          <textarea
            ref={text}
            class="yaml"
            aria-label={base.file}
            aria-invalid={errorsIn(base.file) > 0}
            spellcheck={false}
            rows={Math.min(40, draft.yaml.split('\n').length + 2)}
            value={draft.yaml}
            onInput={({ currentTarget }) => work.change({ yaml: currentTarget.value, tables: draft.tables })}
          />
        )}
      </section>
      {conflict && <ConflictPanel conflict={conflict} draft={work} />}
      <ProblemList errors={verdict.errors} warnings={verdict.warnings} onGo={goTo} />
      <section class="panel set-up-part" aria-label={t('changes')}>
        <h2>{t('changes')}</h2>
        {verdict.changes.length === 0 && <p class="form-hint">{t('noChanges')}</p>}
        <Difference changes={verdict.changes} />
      </section>
    </>
  );
}

function optionText(path: string, errors: number, isThere: boolean): string {
  const mistakes = errors > 0 ? ` (${errors} ${t('mistakes')})` : '';
  return `${path}${isThere ? '' : ` – ${t('newTable')}`}${mistakes}`;
}

const tableAt = (tables: ConfigurationView['tables'], path: string): ConfigurationTable =>
  tables.find((table) => table.path === path) ?? { path, cells: [usualColumns, usualColumns.map(() => '')] };

const withTable = (tables: ConfigurationView['tables'], table: ConfigurationTable): readonly ConfigurationTable[] => [
  ...tables.filter(({ path }) => path !== table.path),
  table,
];
