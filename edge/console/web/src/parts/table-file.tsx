import { useState } from 'preact/hooks';
import type { ConfigurationProblem } from '../../../configuration-api.ts';
import { readTableFile } from '../configuration-feed.ts';
import { t } from '../language.ts';
import type { Cells } from '../pasted-cells.ts';
import { useAction } from '../use-action.ts';
import { Problem } from './problem.tsx';
import { ProblemList } from './problem-list.tsx';

interface TableFileProps {
  /** Path of the table that it is to become. */
  readonly name: string;
  readonly onCells: (cells: Cells) => void;
}

/** Takes a point table from a workbook or CSV file of the reader's own; one with mistakes changes nothing. */
export function TableFile({ name, onCells }: TableFileProps) {
  const [said, say] = useState('');
  const [problems, setProblems] = useState<readonly ConfigurationProblem[]>([]);
  const { busy, problem, run } = useAction();
  const read = async (file: File) => {
    say('');
    setProblems([]);
    const device = name.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
    const found = await readTableFile(file, device);
    setProblems(found.problems);
    if (found.problems.length > 0) return;
    onCells(found.cells);
    say(`${found.cells.length - 1} ${t('tableRead')}`);
  };
  return (
    <>
      <label class="field">
        <span>{t('openTable')}</span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,.xlsx"
          disabled={busy}
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            // the same file may be chosen again once it is mended
            if (file) void run(() => read(file)).then(() => (currentTarget.value = ''));
          }}
        />
      </label>
      <span role="status">{said}</span>
      <Problem text={problem} />
      {problems.length > 0 && (
        <div class="form-whole">
          <ProblemList errors={problems} warnings={[]} />
        </div>
      )}
    </>
  );
}
