import { useState } from 'preact/hooks';
import { acknowledge, actOnList, commentOn, shelve, unshelve, type WholeList } from '../alarm-acts.ts';
import { refusalText } from '../feed.ts';
import { t } from '../language.ts';
import { operatorName } from '../operator.ts';
import { ActButton } from './act-button.tsx';
import { TextLine } from './text-line.tsx';

const shelveMinutes = [15, 60, 480] as const;

/** What is asked of the whole list, and what it takes. */
type Act = readonly [
  name: Parameters<typeof actOnList>[1],
  more?: { readonly minutes: number; readonly once: boolean },
];

interface AlarmToolbarProps {
  /** Ids of the alarms that are marked. */
  readonly ids: readonly string[];
  /** How many pass the filter, on other pages of the list too. */
  readonly total: number;
  readonly shelved: boolean;
  /** Given where all that pass are meant, and not the marked ones alone. */
  readonly whole: WholeList | undefined;
  /** Called when something was done with all of them. */
  readonly onDone: () => void;
}

/** What can be done with several alarms at once. Where the gateway refuses one, the others are dealt with all the same. */
export function AlarmToolbar({ ids, total, shelved, whole, onDone }: AlarmToolbarProps) {
  const [note, setNote] = useState('');
  const [once, setOnce] = useState(false);
  const reason = note.trim();
  const [told, tell] = useState('');
  /** With each of the marked ones, or with the whole list at once. */
  const each =
    (act: (id: string, by: string) => Promise<unknown>, ...all: Act) =>
    async () => {
      const by = operatorName();
      tell('');
      if (whole) {
        const [name, more = {}] = all;
        const { done, refused, left, problem } = await actOnList(whole, name, by, { note: reason, ...more });
        tell(`${t('dealtWith')} ${done} · ${t('refusedCount')} ${refused} · ${t('leftAlone')} ${left}`);
        if (problem) throw new Error(refusalText(problem));
        setNote('');
        onDone();
        return;
      }
      const results = await Promise.allSettled(ids.map((id) => act(id, by)));
      const refused = results.find((result) => result.status === 'rejected');
      if (refused) throw refused.reason;
      setNote('');
      onDone();
    };
  const none = ids.length === 0 && !whole;
  return (
    <div class="alarm-toolbar" role="toolbar" aria-label={t('selected')}>
      <span class="panel-note">
        {t('selected')} {whole ? total : ids.length} / {total}
      </span>
      <TextLine label={t('note')} hint={t('noteHint')} value={note} most={200} onValue={setNote} />
      {shelved ? (
        <ActButton act={each(unshelve, 'unshelve')} disabled={none}>
          {t('unshelve')}
        </ActButton>
      ) : (
        <>
          <ActButton act={each((id, by) => acknowledge(id, by, reason), 'acknowledge')} disabled={none}>
            {t('acknowledge')}
          </ActButton>
          <fieldset class="shelve-choice" aria-label={t('shelveFor')}>
            <span>{t('shelve')}</span>
            {shelveMinutes.map((minutes) => (
              <ActButton
                key={minutes}
                act={each((id, by) => shelve(id, by, { minutes, once, reason }), 'shelve', { minutes, once })}
                label={`${t('shelve')} ${t(`shelve-${minutes}`)}`}
                disabled={none || reason === ''}
              >
                {t(`shelve-${minutes}`)}
              </ActButton>
            ))}
            <label>
              <input type="checkbox" checked={once} onChange={() => setOnce(!once)} /> {t('shelveOnce')}
            </label>
          </fieldset>
        </>
      )}
      <ActButton act={each((id, by) => commentOn(id, reason, by), 'comment')} disabled={none || reason === ''}>
        {t('addComment')}
      </ActButton>
      <span role="status">{told}</span>
    </div>
  );
}
