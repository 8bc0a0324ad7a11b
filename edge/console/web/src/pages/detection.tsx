import type { DetectionView, WatchedAssetView } from '../../../detection-wire.ts';
import { readDetection } from '../detection-feed.ts';
import { gatewayNow } from '../feed.ts';
import { constantText, durationText, numberText } from '../format.ts';
import { say, t, tOr } from '../language.ts';
import type { City } from '../model.ts';
import { AlarmBudget } from '../parts/alarm-budget.tsx';
import { DetectionTabs, Unread } from '../parts/detection-tabs.tsx';
import { Fact } from '../parts/fact.tsx';
import { ProposalList } from '../parts/proposal-list.tsx';
import { RungTable } from '../parts/rung-table.tsx';
import { ScoreBar } from '../parts/score-bar.tsx';
import { WatchedAsset } from '../parts/watched-asset.tsx';
import { href } from '../routes.ts';
import { usePolled } from '../use-polled.ts';

/** What is watched: detectors and calibration of the whole gateway, and of one asset every claim with where it stands. */
export function DetectionPage({ city, selected }: { city: City; selected: string }) {
  const { view, problem, again } = usePolled(readDetection, '');
  return (
    <div class="detection">
      <div class="page-head">
        <h1>{t('detection')}</h1>
        <DetectionTabs here="detection" />
      </div>
      {view ? <Watched {...{ city, view, selected }} onSettled={again} /> : <Unread problem={problem} />}
    </div>
  );
}

interface WatchedProps {
  readonly city: City;
  readonly view: DetectionView;
  readonly selected: string;
  readonly onSettled: () => void;
}

function Watched({ city, view, selected, onSettled }: WatchedProps) {
  const shown = selected === '' ? (view.assets[0]?.asset ?? '') : selected;
  return (
    <>
      <CalibrationFacts view={view} />
      <div class="detection-split">
        <section class="panel scroll" aria-labelledby="watched-title">
          <div class="panel-head">
            <h2 id="watched-title">{t('watchedAssets')}</h2>
            <span class="panel-note">{view.total}</span>
          </div>
          <table class="table watched-table">
            <thead>
              <tr>
                <th scope="col">{t('asset')}</th>
                <th scope="col" class="numeric">
                  {t('rungReached')}
                </th>
                <th scope="col" title={t('scoreHint')}>
                  {t('highestScore')}
                </th>
              </tr>
            </thead>
            <tbody>
              {view.assets.map((asset) => (
                <AssetRow key={asset.asset} city={city} row={asset} selected={asset.asset === shown} />
              ))}
            </tbody>
          </table>
        </section>
        <div class="scroll stack">
          {shown === '' ? <p class="panel empty-line">{t('noAssets')}</p> : <WatchedAsset city={city} id={shown} />}
          {selected === '' && (
            <>
              <ProposalList {...{ city, view, onSettled }} />
              <AlarmBudget city={city} view={view} />
              <RungTable rungs={view.rungs} historySince={view.historySince} />
            </>
          )}
        </div>
      </div>
    </>
  );
}

function CalibrationFacts({ view }: { view: DetectionView }) {
  const { calibration, historySince, learning } = view;
  const { first, last } = calibration ?? {};
  const span = first && last ? `${first.slice(0, 10)} – ${last.slice(0, 10)}` : '';
  return (
    <dl class="panel asset-facts">
      <Fact name={t('calibration')}>
        {calibration
          ? [tOr(calibration['from'] ?? calibration['by'] ?? ''), span].filter(Boolean).join(' · ')
          : t('noCalibration')}
      </Fact>
      {learningText(learning) !== '' && <Fact name={t('learnsByItself')}>{learningText(learning)}</Fact>}
      <Fact name={t('historyKept')}>
        {historySince === null ? t('historyNone') : durationText(gatewayNow() - historySince)}
      </Fact>
      <Fact name={t('claims')}>
        {numberText(
          view.rungs.reduce((sum, { watches }) => sum + watches, 0),
          0,
        )}
      </Fact>
      <Fact name={t('waitingClaims')}>
        {numberText(
          view.rungs.reduce((sum, { waiting }) => sum + waiting, 0),
          0,
        )}
      </Fact>
      <Fact name={t('outside')}>
        {view.assets.filter(({ outOfModel }) => outOfModel).length} {t('assetsCount')}
      </Fact>
      <Fact name={t('masks')}>
        {numberText(
          view.assets.reduce((sum, { distrusted }) => sum + distrusted, 0),
          0,
        )}
      </Fact>
    </dl>
  );
}

/** What it has learnt by itself, and when more comes; empty where it learns nothing. */
function learningText({ stage, next, share, problem }: DetectionView['learning']): string {
  if (stage === null && next === null) return '';
  const waitMs = next === null ? 0 : next.at - gatewayNow();
  const coming = next && `${t('learnsNext')} ${t(next.stage)}${waitMs > 0 ? `, ${durationText(waitMs)}` : ''}`;
  const doing = share === null ? coming : `${t('learnsNow')} ${numberText(100 * share, 0)} %`;
  return [stage === null ? t('learntNothing') : t(stage), doing, problem && say(problem)].filter(Boolean).join(' · ');
}

function AssetRow({ city, row, selected }: { city: City; row: WatchedAssetView; selected: boolean }) {
  const words = [
    row.claimed > 0 ? `${t('claimed')} ${row.claimed}` : '',
    row.outOfModel ? t('outside') : '',
    row.distrusted > 0 ? `${t('masks')} ${row.distrusted}` : '',
    row.waiting > 0 ? `${t('waitingClaims')} ${row.waiting}/${row.watches}` : '',
  ].filter(Boolean);
  return (
    <tr class={`${selected ? 'row-selected' : ''}${row.claimed > 0 ? ' row-claimed' : ''}`}>
      <th scope="row">
        <a href={href('detection', row.asset)} aria-current={selected ? 'true' : undefined}>
          {city.assets.get(row.asset)?.name ?? row.asset}
        </a>
        <span class="claim-meaning">{words.length > 0 ? words.join(' · ') : t('watching')}</span>
      </th>
      <td class="numeric" title={row.rung === null ? undefined : tOr(`rung${row.rung}`)}>
        {row.rung === null ? '—' : constantText(row.rung)}
      </td>
      <td>
        <ScoreBar score={row.score} />
      </td>
    </tr>
  );
}
