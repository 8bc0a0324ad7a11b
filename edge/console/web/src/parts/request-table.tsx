import type { InspectionView } from '../../../wire.ts';
import { periodText } from '../format.ts';
import { say, t } from '../language.ts';
import type { City } from '../model.ts';
import { href } from '../routes.ts';

type RequestView = InspectionView['requests'][number];

/** What needs a person stands first. */
const rank = { refused: 0, silent: 1, waiting: 2, answered: 3 } as const;
const stateTexts = { refused: 'refused', silent: 'silent', waiting: 'notYetAsked', answered: 'answered' } as const;
/** Names that stand in the table; more are folded away. */
const namesShown = 3;

/** What the device is asked again and again, the points that each request answers, and what it refuses. */
export function RequestTable({ city, requests }: { city: City; requests: readonly RequestView[] }) {
  const refused = requests.filter(({ state }) => state === 'refused').flatMap(({ tags }) => tags).length;
  const sorted = [...requests].sort((a, b) => rank[a.state] - rank[b.state]);
  return (
    <section class="panel" aria-labelledby="requests-title">
      <div class="panel-head">
        <h2 id="requests-title">{t('plannedRequests')}</h2>
        <span class="panel-note">
          {requests.length}
          {refused > 0 && ` · ${refused} ${t('pointsRefused')}`}
        </span>
      </div>
      {requests.length === 0 ? (
        <p class="empty-line">{t('noRequests')}</p>
      ) : (
        <table class="table request-table">
          <thead>
            <tr>
              <th scope="col">{t('request')}</th>
              <th scope="col" class="numeric">
                {t('period')}
              </th>
              <th scope="col">{t('state')}</th>
              <th scope="col">{t('points')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((request) => (
              <RequestRow key={`${request.periodMs} ${request.place.en}`} city={city} request={request} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function RequestRow({ city, request }: { city: City; request: RequestView }) {
  const { place, periodMs, state, reason, tags } = request;
  const failing = state === 'refused' || state === 'silent';
  return (
    <tr class={failing ? 'row-failing' : undefined}>
      <th scope="row">{say(place)}</th>
      <td class="numeric">{periodText(periodMs)}</td>
      <td>
        {t(stateTexts[state])}
        {reason && <span class="asset-id">{say(reason)}</span>}
      </td>
      <td>
        {tags.length <= namesShown ? (
          <Points city={city} tags={tags} />
        ) : (
          <details>
            <summary>
              {tags.length} {t('points')}
            </summary>
            <Points city={city} tags={tags} />
          </details>
        )}
      </td>
    </tr>
  );
}

function Points({ city, tags }: { city: City; tags: readonly number[] }) {
  const names = tags.flatMap((tag) => city.view.tags[tag]?.name ?? []);
  return (
    <ul class="point-names">
      {names.map((name) => (
        <li key={name}>
          <a class="tag-name" href={href('trend', name)}>
            {name.slice(name.indexOf('/') + 1)}
          </a>
        </li>
      ))}
    </ul>
  );
}
