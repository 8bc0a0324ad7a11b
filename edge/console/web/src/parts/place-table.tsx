import type { AlarmView } from '../../../wire.ts';
import { numberText } from '../format.ts';
import { t } from '../language.ts';
import type { City } from '../model.ts';
import { nameOf } from '../point-name.ts';

/** Where the alarm's cause most likely is: candidates with their probability and how far one has to look around each. */
export function PlaceTable({ city, alarm }: { city: City; alarm: AlarmView }) {
  const place = alarm.finding.place ?? [];
  if (place.length === 0) return null;
  return (
    <section class="detail-part">
      <h3>{t('place')}</h3>
      <table class="table evidence">
        <thead>
          <tr>
            <th scope="col">{t('candidate')}</th>
            <th scope="col" class="numeric">
              {t('probability')}
            </th>
            <th scope="col" class="numeric">
              {t('fromFirst')}
            </th>
            <th scope="col" class="numeric">
              {t('within')}
            </th>
          </tr>
        </thead>
        <tbody>
          {place.map(({ id, probability, distanceM, withinM }) => (
            <tr key={id}>
              <td title={id}>{nameOf(city, id, alarm.asset)}</td>
              <td class="numeric">
                {numberText(probability === null ? null : 100 * probability, 0)} <span class="unit">%</span>
              </td>
              <td class="numeric">
                {numberText(distanceM, 0)} <span class="unit">m</span>
              </td>
              <td class="numeric">
                {numberText(withinM, 0)} <span class="unit">m</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
