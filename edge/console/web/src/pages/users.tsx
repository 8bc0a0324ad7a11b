import type { ConsoleRole } from '../../../grants.ts';
import { consoleRoles } from '../../../grants.ts';
import type { AccountsView } from '../../../wire.ts';
import { getJson, picture, postJson } from '../feed.ts';
import { dateText } from '../format.ts';
import { t } from '../language.ts';
import { AddUser } from '../parts/add-user.tsx';
import { Problem } from '../parts/problem.tsx';
import { ResetPassword } from '../parts/reset-password.tsx';
import { TokenList } from '../parts/token-list.tsx';
import { may } from '../session.ts';
import { useAction } from '../use-action.ts';
import { usePolled } from '../use-polled.ts';

const readAccounts = (): Promise<AccountsView> => getJson('/api/accounts');

/** Who may do what: people's accounts and the tokens of scripts. For owners. */
export function UsersPage() {
  if (!may('owner')) return <p class="panel empty-line">{t('needsOwner')}</p>;
  return <Users />;
}

function Users() {
  const { view, problem, again } = usePolled(readAccounts, '', { everyMs: 5_000 });
  return (
    <div class="stack">
      <div class="page-head">
        <h1>{t('users')}</h1>
      </div>
      <Problem text={problem} />
      {view && (
        <section class="panel" aria-label={t('users')}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{t('name')}</th>
                <th scope="col">{t('role')}</th>
                <th scope="col">{t('changedAt')}</th>
                <th scope="col">{t('resetPassword')}</th>
                <th scope="col">{t('removeUser')}</th>
              </tr>
            </thead>
            <tbody>
              {view.accounts.map((account) => (
                <UserRow key={account.name} account={account} onChanged={again} />
              ))}
            </tbody>
          </table>
          <AddUser onAdded={again} />
        </section>
      )}
      {view && <TokenList tokens={view.tokens} onChanged={again} />}
    </div>
  );
}

interface UserRowProps {
  readonly account: AccountsView['accounts'][number];
  readonly onChanged: () => void;
}

function UserRow({ account: { name, role, changedAt }, onChanged }: UserRowProps) {
  const { busy, problem, run } = useAction();
  const act = (path: string, body: unknown) => void run(() => postJson(path, body)).then(onChanged);
  const own = picture.session?.caller.name === name;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <select
          aria-label={`${t('role')}: ${name}`}
          value={role}
          disabled={busy}
          onChange={({ currentTarget }) => act('/api/account-role', { name, role: currentTarget.value as ConsoleRole })}
        >
          {consoleRoles.map((one) => (
            <option key={one} value={one} selected={one === role}>
              {t(one)}
            </option>
          ))}
        </select>
        <Problem text={problem} />
      </td>
      <td>{dateText(changedAt)}</td>
      <td>
        <ResetPassword name={name} onDone={onChanged} />
      </td>
      <td>
        <button
          type="button"
          class="button"
          aria-label={`${t('removeUser')}: ${name}`}
          disabled={busy || own}
          onClick={() => act('/api/account-remove', { name })}
        >
          {t('removeUser')}
        </button>
      </td>
    </tr>
  );
}
