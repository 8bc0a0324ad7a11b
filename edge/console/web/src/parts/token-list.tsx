import { useState } from 'preact/hooks';
import { type TokenScope, tokenScopes } from '../../../grants.ts';
import type { AccountsView, TokenMadeView } from '../../../wire.ts';
import { postJson } from '../feed.ts';
import { dateText } from '../format.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { Field } from './field.tsx';
import { Problem } from './problem.tsx';

interface TokenListProps {
  readonly tokens: AccountsView['tokens'];
  readonly onChanged: () => void;
}

/** Tokens of scripts; one that is made is shown once. */
export function TokenList({ tokens, onChanged }: TokenListProps) {
  const { busy, problem, run } = useAction();
  return (
    <section class="panel" aria-label={t('tokens')}>
      <div class="panel-head">
        <h2>{t('tokens')}</h2>
      </div>
      <p class="form-hint">{t('tokensHint')}</p>
      {tokens.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t('name')}</th>
              <th scope="col">{t('tokenScope')}</th>
              <th scope="col">{t('madeBy')}</th>
              <th scope="col">{t('expires')}</th>
              <th scope="col">{t('removeUser')}</th>
            </tr>
          </thead>
          <tbody>
            {tokens.map(({ name, scope, madeBy, expiresAt }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{t(scope)}</td>
                <td>{madeBy}</td>
                <td>{dateText(expiresAt)}</td>
                <td>
                  <button
                    type="button"
                    class="button"
                    aria-label={`${t('removeUser')}: ${name}`}
                    disabled={busy}
                    onClick={() => void run(() => postJson('/api/token-remove', { name })).then(onChanged)}
                  >
                    {t('removeUser')}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Problem text={problem} />
      <MakeToken onMade={onChanged} />
    </section>
  );
}

function MakeToken({ onMade }: { onMade: () => void }) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<TokenScope>('viewer');
  const [days, setDays] = useState('90');
  const [token, setToken] = useState('');
  const { busy, problem, run } = useAction();
  const make = async () => {
    const made = await run(async () => {
      const answer = await postJson<TokenMadeView>('/api/token-add', { name, scope, days: Number(days) });
      setToken(answer.token);
    });
    if (made) onMade();
  };
  return (
    <form
      class="form-line"
      aria-label={t('addToken')}
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <Field label={t('name')} value={name} onValue={setName} />
      <label class="field">
        <span>{t('tokenScope')}</span>
        <select value={scope} onChange={({ currentTarget }) => setScope(currentTarget.value as TokenScope)}>
          {tokenScopes.map((one) => (
            <option key={one} value={one} selected={one === scope}>
              {t(one)}
            </option>
          ))}
        </select>
      </label>
      <Field label={t('tokenDays')} value={days} onValue={setDays} type="number" />
      <button type="submit" class="button" disabled={busy}>
        {t('addToken')}
      </button>
      <Problem text={problem} />
      {token !== '' && (
        <p class="token-made" role="status">
          {t('tokenOnce')} <code>{token}</code>
        </p>
      )}
    </form>
  );
}
