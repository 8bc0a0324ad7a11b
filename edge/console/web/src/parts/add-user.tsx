import { useState } from 'preact/hooks';
import { type ConsoleRole, consoleRoles } from '../../../grants.ts';
import { postJson } from '../feed.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { Field } from './field.tsx';
import { Problem } from './problem.tsx';

/** Makes an account for somebody. */
export function AddUser({ onAdded }: { onAdded: () => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<ConsoleRole>('operator');
  const [password, setPassword] = useState('');
  const { busy, problem, run } = useAction();
  const add = async () => {
    if (!(await run(() => postJson('/api/account-add', { name, role, password })))) return;
    setName('');
    setPassword('');
    onAdded();
  };
  return (
    <form
      class="form-line"
      aria-label={t('addUser')}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Field label={t('name')} value={name} onValue={setName} />
      <label class="field">
        <span>{t('role')}</span>
        <select value={role} onChange={({ currentTarget }) => setRole(currentTarget.value as ConsoleRole)}>
          {consoleRoles.map((one) => (
            <option key={one} value={one} selected={one === role}>
              {t(one)}
            </option>
          ))}
        </select>
      </label>
      <Field label={t('password')} value={password} onValue={setPassword} type="password" fill="new-password" />
      <button type="submit" class="button" disabled={busy}>
        {t('addUser')}
      </button>
      <Problem text={problem} />
    </form>
  );
}
