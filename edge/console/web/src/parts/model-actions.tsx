import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ShelfChange } from '../../../../core/model-shelf.ts';
import type { ModelsView } from '../../../detection-wire.ts';
import { changeModel } from '../detection-feed.ts';
import { picture } from '../feed.ts';
import { t } from '../language.ts';
import { operatorName } from '../operator.ts';
import type { TextKey } from '../texts.ts';
import { hasPassed } from './trial-list.tsx';

type Version = ModelsView['versions'][number];
type Change = ShelfChange['change'];

const names: Readonly<Record<Change, TextKey>> = {
  ...{ promote: 'promote', 'roll-back': 'rollBack', shadow: 'startShadow', unshadow: 'endShadow' },
};
/** What lets another version decide is asked for twice. */
const questions: Readonly<Partial<Record<Change, TextKey>>> = {
  ...{ promote: 'confirmPromote', 'roll-back': 'confirmRollBack' },
};

function changesOf({ role, trial }: Version): readonly Change[] {
  if (role === 'active') return ['roll-back'];
  if (role === 'shadow') return trial && hasPassed(trial) ? ['promote', 'unshadow'] : ['unshadow'];
  return role === 'new' ? ['shadow'] : [];
}

/** What an engineer may do with a version. What lets another decide is confirmed; a refusal is said beside it. */
export function ModelActions({ version, onChanged }: { version: Version; onChanged: () => void }) {
  const [asking, ask] = useState<Change>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const place = useRef<HTMLDivElement>(null);
  const asked = useRef(false);
  // The focus goes to the question and comes back from it, before the next key can be pressed.
  useLayoutEffect(() => {
    if (asking || asked.current) place.current?.querySelector('button')?.focus();
    asked.current = asking !== undefined;
  }, [asking]);
  if (picture.city?.view.gateway.role !== 'engineer') return null;
  const { asset } = version;
  const number = version.version ?? 0;
  const act = async (change: Change) => {
    setBusy(true);
    setProblem('');
    try {
      await changeModel({ change, asset, version: number }, operatorName());
    } catch (error) {
      setProblem((error as Error).message);
    }
    ask(undefined);
    setBusy(false);
    onChanged();
  };
  const question = asking && questions[asking];
  const barred = busy || picture.link !== 'online';
  return (
    <div class="model-actions" ref={place}>
      {asking && question ? (
        <fieldset class="confirm" aria-label={t(question)} onKeyDown={({ key }) => key === 'Escape' && ask(undefined)}>
          <span>{t(question)}</span>
          <button type="button" class="button button-sure" disabled={barred} onClick={() => void act(asking)}>
            {t('confirm')}
          </button>
          <button type="button" class="button" onClick={() => ask(undefined)}>
            {t('cancel')}
          </button>
        </fieldset>
      ) : (
        changesOf(version).map((change) => (
          <button
            key={change}
            type="button"
            class="button"
            disabled={barred}
            aria-label={`${t(names[change])}: ${asset} ${number}`}
            onClick={() => (questions[change] ? ask(change) : void act(change))}
          >
            {t(names[change])}
          </button>
        ))
      )}
      {problem !== '' && (
        <span class="problem" role="alert">
          {t('changeFailed')}: {problem}
        </span>
      )}
    </div>
  );
}
