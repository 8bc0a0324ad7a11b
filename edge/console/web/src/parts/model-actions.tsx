import { useState } from 'preact/hooks';
import type { ShelfChange } from '../../../../core/model-shelf.ts';
import type { ModelsView } from '../../../detection-wire.ts';
import { changeModel } from '../detection-feed.ts';
import { picture } from '../feed.ts';
import { t } from '../language.ts';
import { operatorName } from '../operator.ts';
import { may } from '../session.ts';
import type { TextKey } from '../texts.ts';
import { SureButton } from './sure-button.tsx';
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
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  if (!may('engineer')) return null;
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
    setBusy(false);
    onChanged();
  };
  return (
    <div class="model-actions">
      {changesOf(version).map((change) => {
        const question = questions[change];
        return (
          <SureButton
            key={change}
            name={t(names[change])}
            of={`${asset} ${number}`}
            question={question && t(question)}
            disabled={busy || picture.link !== 'online'}
            onSure={() => void act(change)}
          />
        );
      })}
      {problem !== '' && (
        <span class="problem" role="alert">
          {t('changeFailed')}: {problem}
        </span>
      )}
    </div>
  );
}
