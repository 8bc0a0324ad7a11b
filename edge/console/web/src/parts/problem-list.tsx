import type { ConfigurationProblem } from '../../../configuration-api.ts';
import { problemText } from '../configuration-feed.ts';
import { t } from '../language.ts';

interface ProblemListProps {
  readonly errors: readonly ConfigurationProblem[];
  readonly warnings: readonly ConfigurationProblem[];
  /** Left out where all of them are in sight. */
  readonly onGo?: (problem: ConfigurationProblem) => void;
}

/** Everything that is wrong with a draft, each with the way to where it stands. */
export function ProblemList({ errors, warnings, onGo }: ProblemListProps) {
  const item = (problem: ConfigurationProblem, kind: string, index: number) => (
    <li key={`${kind}${index}`}>
      {onGo ? (
        <button type="button" class="button" onClick={() => onGo(problem)}>
          {placeOf(problem)}
        </button>
      ) : (
        <code>{placeOf(problem)}</code>
      )}{' '}
      {kind === 'warning' && <strong>{t('warning')} </strong>}
      {problem.path !== '' && <code>{problem.path} </code>}
      {problemText(problem)} <code>{problem.code}</code>
    </li>
  );
  return (
    <section class="panel set-up-part" aria-label={t('problems')}>
      <h2>{t('problems')}</h2>
      {errors.length + warnings.length === 0 ? (
        <p class="form-hint">{t('noProblems')}</p>
      ) : (
        <ul class="problem-list">
          {errors.map((problem, index) => item(problem, 'error', index))}
          {warnings.map((problem, index) => item(problem, 'warning', index))}
        </ul>
      )}
    </section>
  );
}

const placeOf = ({ file, cell, line, column }: ConfigurationProblem): string =>
  `${file}:${cell ?? `${line}:${column}`}`;
