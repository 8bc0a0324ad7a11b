import { useState } from 'preact/hooks';
import { enter, picture, postJson } from '../feed.ts';
import { t, tOr } from '../language.ts';
import { Field } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { hasAccount, signOut } from '../session.ts';
import { useAction } from '../use-action.ts';

/** Who is signed in, the way out, and another password. */
export function AccountPage() {
  const [before, setBefore] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, run } = useAction();
  const caller = picture.session?.caller;
  return (
    <div class="stack">
      <div class="page-head">
        <h1>{t('account')}</h1>
        <span>
          {caller?.name} · {tOr(caller?.grant ?? '')}
        </span>
        {hasAccount() && (
          <button type="button" class="button" onClick={() => void run(signOut)}>
            {t('signOut')}
          </button>
        )}
      </div>
      {!hasAccount() && <p class="panel empty-line account-none">{t('noAccount')}</p>}
      {hasAccount() && (
        <form
          class="panel form"
          onSubmit={(event) => {
            event.preventDefault();
            void run(() => postJson('/api/password', { passwordBefore: before, password })).then(
              (done) => done && enter(),
            );
          }}
        >
          <h2>{t('changePassword')}</h2>
          <Field
            label={t('passwordBefore')}
            value={before}
            onValue={setBefore}
            type="password"
            fill="current-password"
          />
          <Field label={t('passwordNew')} value={password} onValue={setPassword} type="password" fill="new-password" />
          <p class="form-hint">{t('passwordRule')}</p>
          <button type="submit" class="button button-sure" disabled={busy}>
            {t('changePassword')}
          </button>
        </form>
      )}
      <Problem text={problem} />
    </div>
  );
}
