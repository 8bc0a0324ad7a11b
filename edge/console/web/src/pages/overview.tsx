import type { Picture } from '../feed.ts';
import { t } from '../language.ts';
import type { City } from '../model.ts';
import { CityMap } from '../parts/city-map.tsx';
import { Story } from '../parts/story.tsx';
import { UrgentAlarms } from '../parts/urgent-alarms.tsx';
import { UtilityCard } from '../parts/utility-card.tsx';

/** The city at a glance. */
export function Overview({ city, picture }: { city: City; picture: Picture }) {
  return (
    <div class="overview">
      <h1 class="hidden">{t('overview')}</h1>
      <CityMap city={city} picture={picture} />
      <div class="overview-side">
        <UrgentAlarms view={picture.alarms} />
        <Story events={picture.events} />
      </div>
      <div class="cards">
        {city.view.utilities.map((utility) => (
          <UtilityCard key={utility.id} utility={utility} />
        ))}
      </div>
    </div>
  );
}
