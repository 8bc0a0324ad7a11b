import { useState } from 'preact/hooks';
import { postJson } from '../feed.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { Problem } from './problem.tsx';

/** Gives somebody another password. */
export function ResetPassword({ name, onDone }: { name: string; onDone: () => void }) {
  const [password, setPassword] = useState('');
  const { busy, problem, run } = useAction();
  return (
    <form
      class="form-cell"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => postJson('/api/account-password', { name, password })).then((done) => {
          if (!done) return;
          setPassword('');
          onDone();
        });
      }}
    >
      <input
        type="password"
        aria-label={`${t('passwordNew')}: ${name}`}
        autocomplete="new-password"
        value={password}
        onInput={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <button type="submit" class="button" disabled={busy || password === ''}>
        {t('setPassword')}
      </button>
      <Problem text={problem} />
    </form>
  );
}
