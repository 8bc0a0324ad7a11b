import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConfigurationProblem, ConfigurationView } from '../../../configuration-api.ts';
import { problemText } from '../configuration-feed.ts';
import { language, t } from '../language.ts';
import { type Cells, pasted } from '../pasted-cells.ts';
import { TableFile } from './table-file.tsx';

interface PointGridProps {
  /** Path of the table, for those who do not see where it stands. */
  readonly name: string;
  /** Header first; a problem's line is the number of a row, from 1. */
  readonly cells: Cells;
  readonly columns: ConfigurationView['columns'];
  readonly problems: readonly ConfigurationProblem[];
  readonly onCells: (cells: Cells) => void;
}

/** Rows drawn at a time: a table may have thousands. */
const rowsShown = 50;

/** A point table to be edited as in a spreadsheet, each mistake told at its cell. */
export function PointGrid({ name, cells, columns, problems, onCells }: PointGridProps) {
  const [first, setFirst] = useState(1);
  const grid = useRef<HTMLTableElement>(null);
  const [wanted, want] = useState<{ readonly row: number; readonly column: number }>();
  const [header = []] = cells;
  const last = Math.min(cells.length - 1, first + rowsShown - 1);
  // a cell can be given the focus only once it is drawn
  useEffect(() => {
    if (wanted) grid.current?.querySelector<HTMLInputElement>(`[data-cell="${wanted.row}/${wanted.column}"]`)?.focus();
    want(undefined);
  }, [wanted]);
  const goTo = (row: number, column: number) => {
    if (row < 1 || row >= cells.length) return;
    if (row < first || row > last) setFirst(row - ((row - 1) % rowsShown));
    want({ row, column });
  };
  const setCell = (row: number, column: number, text: string) =>
    onCells(
      cells.map((own, at) =>
        at === row ? header.map((_, index) => (index === column ? text : (own[index] ?? ''))) : own,
      ),
    );
  const addRow = () => {
    onCells([...cells, header.map(() => '')]);
    setFirst(cells.length - ((cells.length - 1) % rowsShown));
    want({ row: cells.length, column: 0 });
  };
  return (
    <div class="grid-frame">
      <table class="table point-grid" ref={grid} aria-label={name}>
        <thead>
          <tr>
            <th scope="col" class="numeric">
              №
            </th>
            {header.map((title, index) => (
              <th key={`${index}/${title}`} scope="col" title={describe(columns, title)}>
                {title}
                <CellProblems problems={problems} row={0} column={index} name={name} />
              </th>
            ))}
            <th scope="col">{t('deleteRow')}</th>
          </tr>
        </thead>
        <tbody>
          {cells.slice(first, last + 1).map((own, at) => {
            const row = first + at;
            return (
              <tr key={row}>
                <th scope="row" class="numeric">
                  {row + 1}
                </th>
                {header.map((title, column) => (
                  <PointCell
                    key={column}
                    {...{ name, title, row, column, problems }}
                    text={own[column] ?? ''}
                    onText={(text) => setCell(row, column, text)}
                    onPaste={(text) => onCells(pasted(cells, row, column, text))}
                    onStep={(by) => goTo(row + by, column)}
                  />
                ))}
                <td>
                  <button
                    type="button"
                    class="button"
                    aria-label={`${t('deleteRow')} ${row + 1}`}
                    onClick={() => onCells(cells.filter((_, index) => index !== row))}
                  >
                    ✕
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <GridTools {...{ name, cells, columns, first, last, setFirst, addRow, onCells }} />
    </div>
  );
}

interface GridToolsProps extends Pick<PointGridProps, 'name' | 'cells' | 'columns' | 'onCells'> {
  /** Rows in sight. */
  readonly first: number;
  readonly last: number;
  readonly setFirst: (row: number) => void;
  readonly addRow: () => void;
}

/** What is done with the table as a whole. */
function GridTools({ name, cells, columns, first, last, setFirst, addRow, onCells }: GridToolsProps) {
  const [header = []] = cells;
  const missing = columns.filter(({ key, zh }) => !header.includes(key) && !header.includes(zh));
  const headerName = ({ key, zh }: (typeof columns)[number]) => (header.includes('点名') ? zh : key);
  return (
    <div class="form-line">
      <button type="button" class="button" onClick={addRow}>
        {t('addRow')}
      </button>
      <label class="field">
        <span>{t('addColumn')}</span>
        <select value="" onChange={({ currentTarget }) => onCells(withColumn(cells, currentTarget.value))}>
          <option value="">…</option>
          {missing.map((column) => (
            <option key={column.key} value={headerName(column)} title={column.describe}>
              {language() === 'zh' ? `${column.zh} ${column.key}` : column.key}
            </option>
          ))}
        </select>
      </label>
      {cells.length - 1 > rowsShown && (
        <span class="form-cell">
          <button type="button" class="button" disabled={first === 1} onClick={() => setFirst(first - rowsShown)}>
            {t('rowsBefore')}
          </button>
          {t('rows')} {first + 1}–{last + 1} {t('of')} {cells.length}
          <button
            type="button"
            class="button"
            disabled={last === cells.length - 1}
            onClick={() => setFirst(first + rowsShown)}
          >
            {t('nextRows')}
          </button>
        </span>
      )}
      <TableFile name={name} onCells={onCells} />
      <span class="form-hint">{t('pasteHint')}</span>
    </div>
  );
}

interface PointCellProps extends CellProblemsProps {
  /** Header of its column. */
  readonly title: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Several cells come at once. */
  readonly onPaste: (text: string) => void;
  /** To the row below (1) or above (-1). */
  readonly onStep: (by: number) => void;
}

function PointCell({ title, text, onText, onPaste, onStep, ...place }: PointCellProps) {
  const { name, row, column, problems } = place;
  return (
    <td>
      <input
        data-cell={`${row}/${column}`}
        aria-label={`${title}, ${t('row')} ${row + 1}`}
        aria-invalid={problemsAt(problems, row, column).length > 0}
        aria-describedby={`${name}-${row}-${column}`}
        value={text}
        onInput={({ currentTarget }) => onText(currentTarget.value)}
        onKeyDown={(event) => {
          const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          onStep(by);
        }}
        onPaste={(event) => {
          const copied = event.clipboardData?.getData('text/plain') ?? '';
          if (!/[\t\n]/.test(copied)) return;
          event.preventDefault();
          onPaste(copied);
        }}
      />
      <CellProblems {...place} />
    </td>
  );
}

const problemsAt = (problems: readonly ConfigurationProblem[], row: number, column: number) =>
  problems.filter((problem) => problem.line === row + 1 && problem.column === column + 1);

interface CellProblemsProps {
  readonly problems: readonly ConfigurationProblem[];
  readonly row: number;
  readonly column: number;
  readonly name: string;
}

/** What is wrong with a cell, under it. */
function CellProblems({ problems, row, column, name }: CellProblemsProps) {
  const own = problemsAt(problems, row, column);
  return (
    <span class="cell-problem" id={`${name}-${row}-${column}`}>
      {own.map((problem) => problemText(problem)).join(' ')}
    </span>
  );
}

const describe = (columns: ConfigurationView['columns'], title: string): string | undefined =>
  columns.find(({ key, zh }) => key === title || zh === title)?.describe;

const withColumn = (cells: Cells, title: string): Cells =>
  title === '' ? cells : cells.map((own, row) => [...own, row === 0 ? title : '']);
