import { unitSign } from '../../../../core/unit-sign.ts';
import type { AlarmView } from '../../../wire.ts';
import { constantText, durationText } from '../format.ts';
import { say, t, tOr } from '../language.ts';
import type { City } from '../model.ts';
import { href } from '../routes.ts';

/** What an alarm rests on: each figure beside what it is held to. */
export function EvidenceTable({ city, alarm }: { city: City; alarm: AlarmView }) {
  const { evidence } = alarm.finding;
  if (evidence.length === 0) return null;
  return (
    <section class="detail-part">
      <h3>{t('evidence')}</h3>
      <table class="table evidence">
        <thead>
          <tr>
            <th scope="col">{t('quantity')}</th>
            <th scope="col" class="numeric">
              {t('observed')}
            </th>
            <th scope="col" class="numeric">
              {t('expected')}
            </th>
            <th scope="col" class="numeric">
              {t('window')}
            </th>
          </tr>
        </thead>
        <tbody>
          {evidence.map(({ tag, observed, expected, unit, windowS }) => (
            <tr key={tag}>
              <td>
                <Quantity city={city} tag={tag} />
              </td>
              <td class="numeric">
                {constantText(observed)} <span class="unit">{unitSign(unit)}</span>
              </td>
              <td class="numeric">
                {constantText(expected)} <span class="unit">{unitSign(unit)}</span>
              </td>
              <td class="numeric">{windowS ? durationText(windowS * 1000) : t('instant')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What is measured, in words, with the way to its trend; a derived quantity by its own name. */
export function Quantity({ city, tag }: { city: City; tag: string }) {
  const point = city.pointOf.get(tag);
  if (!city.tagIndex.has(tag)) return <span>{tOr(tag)}</span>;
  return (
    <a href={href('trend', tag)} title={tag}>
      {point?.meaning ? say(point.meaning.name) : tag}
    </a>
  );
}
