import { useState } from 'preact/hooks';
import type { DetectionView } from '../../../detection-wire.ts';
import { settleProposal } from '../detection-feed.ts';
import { gatewayNow, picture } from '../feed.ts';
import { momentText, numberText } from '../format.ts';
import { t } from '../language.ts';
import type { City } from '../model.ts';
import { operatorName } from '../operator.ts';
import { href } from '../routes.ts';
import { may } from '../session.ts';
import { roleText } from '../watch-words.ts';

interface ProposalsProps {
  readonly city: City;
  readonly view: Pick<DetectionView, 'proposals' | 'proposalsTotal'>;
  readonly onSettled: () => void;
}

/** Assets whose calibration does not cover how they are run any more, with what to do; an engineer says when it is done. */
export function ProposalList({ city, view: { proposals, proposalsTotal }, onSettled }: ProposalsProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  if (proposals.length === 0 && problem === '') return null;
  const settle = async (asset: string) => {
    setBusy(true);
    setProblem('');
    try {
      await settleProposal(asset, operatorName());
    } catch (error) {
      setProblem((error as Error).message);
    }
    setBusy(false);
    onSettled();
  };
  const mayAct = may('engineer');
  return (
    <section class="panel" aria-labelledby="proposals-title">
      <div class="panel-head">
        <h2 id="proposals-title">{t('calibrationProposed')}</h2>
        <span class="panel-note">{proposalsTotal}</span>
      </div>
      <p class="claim-meaning proposal-hint">
        {t('proposalHint')} <code>lifeline calibrate -c gateway.yaml</code>
        {!mayAct && ` · ${t('settlingNeedsEngineer')}`}
      </p>
      <table class="table proposal-table">
        <thead>
          <tr>
            <th scope="col">{t('asset')}</th>
            <th scope="col" class="numeric">
              {t('outsideShare')}
            </th>
            <th scope="col">{t('beyondTraining')}</th>
            <th scope="col">{t('since')}</th>
            {mayAct && <th scope="col">{t('seenTo')}</th>}
          </tr>
        </thead>
        <tbody>
          {proposals.map(({ asset, share, roles, since }) => {
            const known = city.assets.get(asset);
            const name = known?.name ?? asset;
            return (
              <tr key={asset}>
                <th scope="row">
                  <a href={href('detection', asset)}>{name}</a>
                </th>
                <td class="numeric">{numberText(100 * share, 0)} %</td>
                <td>{known ? roles.map((role) => roleText(city, known, role)).join(', ') : roles.join(', ')}</td>
                <td>{momentText(since, gatewayNow())}</td>
                {mayAct && (
                  <td>
                    <button
                      type="button"
                      class="button"
                      disabled={busy || picture.link !== 'online'}
                      aria-label={`${t('settle')}: ${name}`}
                      onClick={() => void settle(asset)}
                    >
                      {t('settle')}
                    </button>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {problem !== '' && (
        <p class="problem" role="alert">
          {t('changeFailed')}: {problem}
        </p>
      )}
    </section>
  );
}
