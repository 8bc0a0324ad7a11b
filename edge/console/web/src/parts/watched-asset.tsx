import { useState } from 'preact/hooks';
import { unitSign } from '../../../../core/unit-sign.ts';
import type { WatchedView, WatchView } from '../../../detection-wire.ts';
import { readWatched } from '../detection-feed.ts';
import { constantText, numberText } from '../format.ts';
import { say, t, tOr } from '../language.ts';
import type { AssetView, City } from '../model.ts';
import { href } from '../routes.ts';
import { usePolled } from '../use-polled.ts';
import { roleText, tellingKind, waitText } from '../watch-words.ts';
import { Unread } from './detection-tabs.tsx';
import { Quantity } from './evidence-table.tsx';
import { ExpectedCourse } from './expected-course.tsx';
import { ScoreBar } from './score-bar.tsx';

/** Everything that is watched of one asset: its claims by rung, what one of them rests on, masks and out of model. */
export function WatchedAsset({ city, id }: { city: City; id: string }) {
  const { view, problem } = usePolled(readWatched, id);
  const [chosen, choose] = useState('');
  const asset = city.assets.get(id);
  if (!view || !asset) return <Unread problem={problem} />;
  const own = view.watches.some(({ kind }) => kind === chosen) ? chosen : '';
  const drawn = own || (tellingKind(view.watches) ?? '');
  return (
    <>
      <section class="panel" aria-labelledby="claims-title">
        <div class="panel-head">
          <h2 id="claims-title">
            <a href={href('asset', id)}>{asset.name}</a>
          </h2>
          <span class="panel-note">
            {view.watches.length} {t('claims')}
          </span>
        </div>
        {drawn !== '' && <ExpectedCourse key={`${id}/${drawn}`} city={city} asset={id} kind={drawn} />}
        <table class="table claim-table">
          <thead>
            <tr>
              <th scope="col">{t('claim')}</th>
              <th scope="col">{t('rung')}</th>
              <th scope="col">{t('state')}</th>
              <th scope="col" title={t('scoreHint')}>
                {t('score')}
              </th>
              <th scope="col">{t('figuresNow')}</th>
            </tr>
          </thead>
          <tbody>
            {[...view.watches].sort(byRung).map((watch) => (
              <ClaimRow
                key={`${watch.detector}/${watch.kind}`}
                {...{ city, asset, watch }}
                historySince={view.historySince}
                drawn={watch.kind !== '' && watch.kind === drawn}
                onDraw={() => choose(watch.kind)}
              />
            ))}
          </tbody>
        </table>
      </section>
      <Masked city={city} asset={asset} view={view} />
      <Beyond city={city} asset={asset} view={view} />
    </>
  );
}

const byRung = (a: WatchView, b: WatchView): number =>
  Number(b.state === 'claimed') - Number(a.state === 'claimed') || (a.rung ?? 0) - (b.rung ?? 0);

interface ClaimRowProps {
  readonly city: City;
  readonly asset: AssetView;
  readonly watch: WatchView;
  readonly historySince: number | null;
  readonly drawn: boolean;
  readonly onDraw: () => void;
}

function ClaimRow({ city, asset, watch, historySince, drawn, onDraw }: ClaimRowProps) {
  const [first] = watch.evidence;
  const wait = waitText(city, asset, watch, historySince);
  const meaning = watch.kind === '' ? t('allInstruments') : watch.meaning ? say(watch.meaning) : '';
  return (
    <tr class={`${drawn ? 'row-selected' : ''}${watch.state === 'claimed' ? ' row-claimed' : ''}`}>
      <th scope="row">
        {watch.kind === '' ? (
          <span>{tOr(watch.detector)}</span>
        ) : (
          <button
            type="button"
            class="claim"
            aria-pressed={drawn}
            aria-label={`${t('drawCourse')}: ${watch.kind}`}
            onClick={onDraw}
          >
            {watch.kind}
          </button>
        )}
        <span class="claim-meaning claim-says" title={meaning}>
          {meaning}
        </span>
      </th>
      <td class="claim-rung" title={tOr(`rung${watch.rung}`)}>
        {watch.rung} · {tOr(watch.detector)}
      </td>
      <td>
        <span class={`watch-state watch-${watch.state}`}>
          {t(watch.state === 'waiting' ? 'waitingClaims' : watch.state)}
        </span>
        {wait !== '' && <span class="claim-meaning">{wait}</span>}
      </td>
      <td>
        <ScoreBar score={watch.score} />
      </td>
      <td class="claim-figures">
        {first && (
          <>
            <Quantity city={city} tag={first.tag} />
            <strong>
              {constantText(first.observed)} / {constantText(first.expected)}
            </strong>{' '}
            <span class="unit">{unitSign(first.unit)}</span>
          </>
        )}
      </td>
    </tr>
  );
}

interface PartProps {
  readonly city: City;
  readonly asset: AssetView;
  readonly view: WatchedView;
}

function Masked({ city, asset, view }: PartProps) {
  if (view.distrusted.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="masked-title">
      <div class="panel-head">
        <h2 id="masked-title">{t('maskedSignals')}</h2>
        <span class="panel-note">{t('maskedHint')}</span>
      </div>
      <table class="table">
        <tbody>
          {view.distrusted.map(({ role, tag, reason }) => (
            <tr key={role}>
              <th scope="row">
                <a href={href('trend', tag)}>{roleText(city, asset, role)}</a>
              </th>
              <td class="quality-bad">{tOr(reason)}</td>
              <td class="tag-name">{tag}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Beyond({ city, asset, view }: PartProps) {
  const { outOfModel } = view;
  if (!outOfModel?.minutes || !outOfModel.outside) return null;
  const share = (100 * outOfModel.outside) / outOfModel.minutes;
  return (
    <section class="panel" aria-labelledby="beyond-title">
      <div class="panel-head">
        <h2 id="beyond-title">{t('beyondTraining')}</h2>
        <span class="panel-note">
          {t('outsideShare')} {numberText(share, 1)} %
        </span>
      </div>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('quantity')}</th>
            <th scope="col" class="numeric">
              {t('trainedRange')}
            </th>
            <th scope="col" class="numeric">
              {t('seenRange')}
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(outOfModel.beyond).map(([role, { low, high, lowest, highest }]) => (
            <tr key={role}>
              <th scope="row">{roleText(city, asset, role)}</th>
              <td class="numeric">
                {constantText(low)} – {constantText(high)}
              </td>
              <td class="numeric">
                {constantText(lowest)} – {constantText(highest)}
              </td>
            </tr>
          ))}
          {outOfModel.unseenModes.map((mode) => (
            <tr key={mode}>
              <th scope="row">{t('unseenMode')}</th>
              <td colSpan={2} class="tag-name">
                {mode}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
