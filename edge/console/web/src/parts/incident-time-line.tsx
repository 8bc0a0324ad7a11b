import type { IncidentView } from '../../../incident-wire.ts';
import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { incidentLines } from '../incident-lines.ts';
import { say, t } from '../language.ts';

/** What the plant did and what people did, oldest first. */
export function IncidentTimeLine({ view }: { view: IncidentView }) {
  const now = gatewayNow();
  return (
    <section class="detail-part" aria-label={t('timeLine')}>
      <h3>{t('timeLine')}</h3>
      <ol class="time-line">
        {incidentLines(view).map(({ at, did, about, by }) => (
          <li key={`${at} ${did.en} ${about.en}`}>
            <time class="story-time">{momentText(at, now)}</time> <strong>{say(did)}</strong> {say(about)}
            {by !== '' && <span class="asset-id"> {by}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
