import { useRef, useState } from 'preact/hooks';
import type { DeadLettersView } from '../../../wire.ts';
import { gatewayNow, picture } from '../feed.ts';
import { momentText, numberText } from '../format.ts';
import { t } from '../language.ts';
import { operatorName } from '../operator.ts';
import { may } from '../session.ts';
import { dealWith, readDeadLetters } from '../upstream-feed.ts';
import { usePolled } from '../use-polled.ts';
import { SureButton } from './sure-button.tsx';
import { Trouble } from './trouble.tsx';

type Letter = DeadLettersView['letters'][number];

/** What a platform does not take: each with its reason, sent again or let go by an operator. */
export function DeadLetterList({ sink }: { sink: string }) {
  const { view, problem, again } = usePolled(readDeadLetters, sink);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [said, say] = useState({ done: '', failed: '' });
  const result = useRef<HTMLParagraphElement>(null);
  const letters = view?.letters ?? [];
  const ids = letters.map(({ id }) => id).filter((id) => chosen.has(id));
  const deal = async (did: 'resend' | 'discard') => {
    setBusy(true);
    try {
      const count = await dealWith(did, sink, ids, operatorName());
      say({ done: `${t(did === 'resend' ? 'resentCount' : 'discardedCount')} ${count}`, failed: '' });
      choose(new Set());
      // The button pressed has nothing left to act on.
      result.current?.focus();
    } catch (error) {
      say({ done: '', failed: (error as Error).message });
    }
    setBusy(false);
    again();
  };
  const barred = busy || ids.length === 0 || picture.link !== 'online';
  const mayAct = may('operator');
  return (
    <section class="panel dead-letters" aria-labelledby="dead-letters-title">
      <div class="panel-head">
        <h2 id="dead-letters-title">{t('deadLetters')}</h2>
        <span class="panel-note">{numberText(letters.length, 0)}</span>
        {mayAct && letters.length > 0 && (
          <span class="dead-letter-actions">
            <span class="panel-note">
              {t('chosen')} {ids.length}
            </span>
            <SureButton name={t('resend')} of={sink} disabled={barred} onSure={() => void deal('resend')} />
            <SureButton
              name={t('discard')}
              of={sink}
              question={t('confirmDiscard')}
              disabled={barred}
              onSure={() => void deal('discard')}
            />
          </span>
        )}
      </div>
      <p class="panel-line">{t(mayAct ? 'deadLettersHint' : 'needsOperator')}</p>
      <p class="panel-line dead-letters-done" role="status" tabIndex={-1} ref={result}>
        {said.done}
      </p>
      {(said.failed || problem) !== '' && (
        <p class="panel-line problem" role="alert">
          {t('changeFailed')}: {said.failed || problem}
        </p>
      )}
      {letters.length === 0 ? (
        view && <p class="empty-line">{t('noDeadLetters')}</p>
      ) : (
        <LetterTable letters={letters} chosen={chosen} onChoose={mayAct ? choose : undefined} />
      )}
    </section>
  );
}

interface LetterTableProps {
  readonly letters: readonly Letter[];
  readonly chosen: ReadonlySet<string>;
  /** Left out for those who may only look. */
  readonly onChoose: ((chosen: ReadonlySet<string>) => void) | undefined;
}

function LetterTable({ letters, chosen, onChoose }: LetterTableProps) {
  const now = gatewayNow();
  const whole = letters.every(({ id }) => chosen.has(id));
  const flip = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose?.(next);
  };
  return (
    <table class="table">
      <thead>
        <tr>
          {onChoose && (
            <th scope="col">
              <input
                type="checkbox"
                aria-label={t('chooseAll')}
                checked={whole}
                onChange={() => onChoose(new Set(whole ? [] : letters.map(({ id }) => id)))}
              />
            </th>
          )}
          <th scope="col">{t('type')}</th>
          <th scope="col">{t('asset')}</th>
          <th scope="col">{t('happened')}</th>
          <th scope="col">{t('deadSince')}</th>
          <th scope="col">{t('reason')}</th>
        </tr>
      </thead>
      <tbody>
        {letters.map(({ id, type, subject, time, since, reason, problem }) => (
          <tr key={id}>
            {onChoose && (
              <td>
                <input
                  type="checkbox"
                  aria-label={`${type} ${subject}`}
                  checked={chosen.has(id)}
                  onChange={() => flip(id)}
                />
              </td>
            )}
            <th scope="row">
              <code>{type}</code>
              <span class="asset-id">{id}</span>
            </th>
            <td>{subject}</td>
            <td>{momentText(time, now)}</td>
            <td>{momentText(since, now)}</td>
            <td class="trouble">
              <Trouble said={reason} problem={problem} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
