import { dateText, timeText } from '../format.ts';
import { t } from '../language.ts';
import { type Draft, onTopOf } from '../use-draft.ts';
import { Difference } from './difference.tsx';

interface ConflictPanelProps {
  readonly conflict: NonNullable<Draft['conflict']>;
  readonly draft: Draft;
}

/** Two have changed the configuration at once: the second sees who was first and what differs, and decides. */
export function ConflictPanel({ conflict: { by, time, current, changes }, draft: work }: ConflictPanelProps) {
  const { base, draft } = work;
  const keepMine = () => base && draft && work.adopt(current, onTopOf(current, base, draft));
  return (
    <section class="panel set-up-part conflict" role="alert" aria-label={t('conflict')}>
      <h2>
        {t('conflict')}: {by || t('somebody')}, {dateText(time)} {timeText(time)}
      </h2>
      <p class="form-hint">{t('conflictHint')}</p>
      <Difference changes={changes} />
      <div class="form-cell">
        <button type="button" class="button" onClick={() => work.adopt(current)}>
          {t('takeTheirs')}
        </button>
        <button type="button" class="button" onClick={keepMine}>
          {t('keepMine')}
        </button>
      </div>
    </section>
  );
}
