import type { DetectionView } from '../../../detection-wire.ts';
import { gatewayNow } from '../feed.ts';
import { dateText, durationText, numberText } from '../format.ts';
import { t, tOr } from '../language.ts';
import type { City } from '../model.ts';
import { href } from '../routes.ts';
import { Fact } from './fact.tsx';

/** A rate of false alarms, to two digits that count. */
const rateText = (rate: number | null): string => (rate === null ? '—' : String(Number(rate.toPrecision(2))));

/** The alarm budget asked for, expected and had, and every claim whose limits verdicts have made wider. */
export function AlarmBudget({ city, view }: { city: City; view: DetectionView }) {
  const { budget, widened, widenedTotal } = view;
  const { wanted, expected, supported, tolerance, realised, counted } = budget;
  const [judged, atMost] = realised ?? [null, null];
  return (
    <section class="panel" aria-labelledby="budget-title">
      <div class="panel-head">
        <h2 id="budget-title">{t('alarmBudget')}</h2>
        <span class="panel-note">{t('perAssetWeek')}</span>
      </div>
      <dl class="asset-facts">
        <Fact name={t('budgetWanted')}>{wanted === null ? t('asCalibrated') : rateText(wanted)}</Fact>
        <Fact name={t('budgetExpected')}>
          {rateText(expected)}
          <span class="claim-meaning">
            {supported
              ? `${t('budgetSupported')} ${rateText(supported[0])} – ${rateText(supported[1])}`
              : t('budgetUnknown')}
          </span>
        </Fact>
        <Fact name={t('budgetRealised')}>
          {judged !== atMost ? `${rateText(judged)} – ${rateText(atMost)}` : rateText(judged)}
          <span class="claim-meaning">
            {counted.raised} {t('alarmsIn')} {numberText(counted.days, 1)} {t('daysCounted')} · {counted.nuisance}{' '}
            {t('nuisance')} · {counted.unjudged} {t('unjudged')}
          </span>
        </Fact>
        <Fact name={t('limitsNow')}>× {numberText(tolerance, 2)}</Fact>
      </dl>
      {widened.length > 0 && (
        <table class="table widened-table">
          <caption class="panel-note">
            {t('widenedLimits')} {widenedTotal}
          </caption>
          <thead>
            <tr>
              <th scope="col">{t('claim')}</th>
              <th scope="col">{t('detector')}</th>
              <th scope="col" class="numeric">
                {t('limitsNow')}
              </th>
              <th scope="col">{t('reason')}</th>
              <th scope="col">{t('until')}</th>
            </tr>
          </thead>
          <tbody>
            {widened.map(({ asset, kind, detector, factor, since, until }) => (
              <tr key={`${asset}/${kind}`}>
                <th scope="row">
                  <a href={href('detection', asset)}>{city.assets.get(asset)?.name ?? asset}</a>
                  <span class="claim-meaning">{kind}</span>
                </th>
                <td>{tOr(detector)}</td>
                <td class="numeric">× {numberText(factor, 2)}</td>
                <td>
                  {t('threeNuisances')}
                  <span class="claim-meaning">{dateText(since)}</span>
                </td>
                <td>
                  {dateText(until)}
                  <span class="claim-meaning">
                    {t('stillFor')} {durationText(until - gatewayNow())}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
