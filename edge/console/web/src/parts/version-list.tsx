import { useState } from 'preact/hooks';
import type { ConfigurationChanges } from '../../../configuration-api.ts';
import { compareVersion, problemText, readVersions, rollBack } from '../configuration-feed.ts';
import { dateText, timeText } from '../format.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { usePolled } from '../use-polled.ts';
import { Difference } from './difference.tsx';
import { Problem } from './problem.tsx';
import { SureButton } from './sure-button.tsx';

/** Configurations that were in force, each with what a return to it would change. */
export function VersionList({ base, onChanged }: { base: string | undefined; onChanged: () => void }) {
  const { view, problem: unread, again } = usePolled(readVersions, '', { everyMs: 5_000 });
  const [compared, setCompared] = useState<{
    readonly number: number;
    readonly changes: readonly ConfigurationChanges[];
  }>();
  const { busy, problem, run } = useAction();
  const compare = (number: number) => void run(async () => setCompared({ number, ...(await compareVersion(number)) }));
  const returnTo = async (number: number) => {
    const done = await run(async () => {
      const outcome = await rollBack(number, base ?? '');
      if (outcome.result === 'conflict') throw new Error(t('conflict'));
      if (outcome.result === 'refused') throw new Error(outcome.errors.map(problemText).join(' '));
    });
    setCompared(undefined);
    onChanged();
    if (done) again();
  };
  return (
    <section class="panel" aria-label={t('versions')}>
      <Problem text={problem || unread} />
      {view?.versions.length === 0 && <p class="empty-line">{t('noVersions')}</p>}
      {view && view.versions.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col" class="numeric">
                №
              </th>
              <th scope="col">{t('time')}</th>
              <th scope="col">{t('changedBy')}</th>
              <th scope="col">{t('changedFiles')}</th>
              <th scope="col">{t('compareVersion')}</th>
              <th scope="col">{t('rollBack')}</th>
            </tr>
          </thead>
          <tbody>
            {view.versions.map(({ number, time, by, hash, files }) => (
              <tr key={number}>
                <th scope="row" class="numeric">
                  {number}
                </th>
                <td>
                  {dateText(time)} {timeText(time)}
                </td>
                <td>{by || t('somebody')}</td>
                <td>{files.join(', ')}</td>
                <td>
                  <button
                    type="button"
                    class="button"
                    aria-label={`${t('compareVersion')}: ${number}`}
                    disabled={busy}
                    onClick={() => compare(number)}
                  >
                    {t('compareVersion')}
                  </button>
                </td>
                <td>
                  {hash === base ? (
                    t('inForce')
                  ) : (
                    <SureButton
                      name={t('rollBack')}
                      of={String(number)}
                      question={t('rollBackQuestion')}
                      disabled={busy || base === undefined}
                      onSure={() => void returnTo(number)}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {compared && (
        <div class="set-up-part">
          <h2>
            {t('compareVersion')}: {compared.number}
          </h2>
          {compared.changes.length === 0 && <p class="form-hint">{t('noChanges')}</p>}
          <Difference changes={compared.changes} />
        </div>
      )}
    </section>
  );
}
