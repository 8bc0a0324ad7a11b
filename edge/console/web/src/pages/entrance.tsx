import { useState } from 'preact/hooks';
import { picture } from '../feed.ts';
import { t } from '../language.ts';
import { EntranceHead } from '../parts/entrance-head.tsx';
import { Field } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import type { Route } from '../routes.ts';
import { makeOwner, signIn } from '../session.ts';
import { useAction } from '../use-action.ts';

/** What stands before the console: the sign-in, or the making of its owner where the link of the log leads. */
export function Entrance({ route, onLanguage }: { route: Route; onLanguage: () => void }) {
  const hasOwner = picture.session?.hasOwner ?? true;
  return (
    <main class="entrance">
      <EntranceHead onLanguage={onLanguage} />
      {route.name === 'owner' && !hasOwner ? <MakeOwner token={route.argument} /> : <SignIn hasOwner={hasOwner} />}
    </main>
  );
}

function SignIn({ hasOwner }: { hasOwner: boolean }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, run } = useAction();
  if (!hasOwner) return <p class="panel entrance-hint">{t('noOwner')}</p>;
  return (
    <form
      class="panel form"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => signIn(name, password)).then(() => setPassword(''));
      }}
    >
      <h1>{t('signIn')}</h1>
      <p class="form-hint">{t('signInHint')}</p>
      <Field label={t('name')} value={name} onValue={setName} fill="username" />
      <Field label={t('password')} value={password} onValue={setPassword} type="password" fill="current-password" />
      <button type="submit" class="button button-sure" disabled={busy}>
        {t('signIn')}
      </button>
      <Problem text={problem} />
    </form>
  );
}

function MakeOwner({ token }: { token: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const { busy, problem, run } = useAction();
  return (
    <form
      class="panel form"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          if (password !== again) throw new Error(t('passwordsDiffer'));
          await makeOwner(token, name, password);
        });
      }}
    >
      <h1>{t('makeOwner')}</h1>
      <p class="form-hint">{t('makeOwnerHint')}</p>
      <Field label={t('name')} value={name} onValue={setName} fill="username" />
      <Field label={t('password')} value={password} onValue={setPassword} type="password" fill="new-password" />
      <p class="form-hint">{t('passwordRule')}</p>
      <Field label={t('passwordAgain')} value={again} onValue={setAgain} type="password" fill="new-password" />
      <button type="submit" class="button button-sure" disabled={busy}>
        {t('makeOwner')}
      </button>
      <Problem text={problem} />
    </form>
  );
}
