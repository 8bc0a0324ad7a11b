import type { Picture } from '../feed.ts';
import { say, t } from '../language.ts';
import { utilityOf } from '../model.ts';
import { href, type Route } from '../routes.ts';
import { may } from '../session.ts';
import { type Standing, standingOfAll, standingOfUtility } from '../situation.ts';
import { detectionPages } from './detection-tabs.tsx';
import { Glyph } from './glyph.tsx';
import { PriorityMark } from './priority-mark.tsx';

/** The places of the page; a utility with alarms carries the worst one's mark and their number. */
export function Rail({ picture, route }: { picture: Picture; route: Route }) {
  const here = placeOf(picture, route);
  const { devices, sinks } = picture.devices;
  const broken = devices.filter(({ state }) => state !== 'online').length;
  const stuck = sinks.filter(({ state, deadLetters = 0 }) => state !== 'online' || deadLetters > 0).length;
  return (
    <nav class="rail" aria-label={t('navigation')}>
      <Place
        to={href('overview')}
        current={here === 'overview'}
        icon={<Sign d="M3 10.5 10 4l7 6.5M5 9.5V16h10V9.5" />}
        name={t('overview')}
      />
      <Place
        to={href('alarms')}
        current={here === 'alarms'}
        icon={
          <Sign d="M10 3a4.5 4.5 0 0 1 4.5 4.5c0 4 1.5 5 1.5 6H4c0-1 1.5-2 1.5-6A4.5 4.5 0 0 1 10 3ZM8.5 15.5a1.6 1.6 0 0 0 3 0" />
        }
        name={t('alarms')}
        standing={standingOfAll()}
      />
      <hr />
      {picture.city?.view.utilities.map((utility) => (
        <Place
          key={utility.id}
          to={href('utility', utility.id)}
          current={here === utility.id}
          icon={<Glyph utility={utility.id} />}
          name={say(utility.name)}
          standing={standingOfUtility(utility.id)}
        />
      ))}
      <hr />
      <Place
        to={href('trend')}
        current={here === 'trend'}
        icon={<Sign d="M3 3v14h14M5.5 13l3-4 3 2.5 4.5-6" />}
        name={t('trend')}
      />
      <Place
        to={href('devices')}
        current={here === 'devices'}
        icon={<Sign d="M3 4h14v5H3ZM3 11h14v5H3ZM6 6.5h.01M6 13.5h.01M9 6.5h5M9 13.5h5" />}
        name={t('devices')}
        note={broken > 0 ? `✕ ${broken}` : ''}
      />
      <Place
        to={href('upstream')}
        current={here === 'upstream'}
        icon={<Sign d="M10 17V7M6 10.5 10 6.5l4 4M4 3h12" />}
        name={t('upstream')}
        note={stuck > 0 ? `✕ ${stuck}` : ''}
      />
      <Place
        to={href('detection')}
        current={detectionPages.includes(here)}
        icon={<Sign d="M2.5 12h3l2-6 3.5 9 2.5-6 1 3h3" />}
        name={t('detection')}
      />
      {may('engineer') && (
        <Place
          to={href('audit')}
          current={here === 'audit'}
          icon={<Sign d="M5 3h10v14H5ZM8 7h4M8 10h4M8 13h2" />}
          name={t('audit')}
        />
      )}
      {may('engineer') && (
        <Place
          to={href('set-up')}
          current={here === 'set-up'}
          icon={<Sign d="M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4" />}
          name={t('set-up')}
        />
      )}
      {may('owner') && (
        <Place
          to={href('users')}
          current={here === 'users'}
          icon={<Sign d="M10 3.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM4 16.5c0-3 2.5-4.5 6-4.5s6 1.5 6 4.5" />}
          name={t('users')}
        />
      )}
    </nav>
  );
}

interface PlaceProps {
  readonly to: string;
  readonly current: boolean;
  readonly icon: preact.ComponentChild;
  readonly name: string;
  readonly standing?: Omit<Standing, 'id'> | undefined;
  readonly note?: string;
}

function Place({ to, current, icon, name, standing, note = '' }: PlaceProps) {
  return (
    <a class="place" href={to} aria-current={current ? 'page' : undefined}>
      {icon}
      <span class="place-name">{name}</span>
      {standing && (
        <span class="place-alarms">
          <PriorityMark priority={standing.priority} settled={standing.settled} size={14} />
          {standing.count}
          <span class="hidden">{t('alarms')}</span>
        </span>
      )}
      {note !== '' && <span class="place-note">{note}</span>}
    </a>
  );
}

function Sign({ d }: { d: string }) {
  return (
    <svg class="glyph" width="18" height="18" viewBox="0 0 20 20" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

/** The entry that a route belongs to: an asset stands under its utility. */
function placeOf(picture: Picture, route: Route): string {
  if (route.name === 'utility') return route.argument;
  const { city } = picture;
  const asset = route.name === 'asset' ? city?.assets.get(route.argument) : undefined;
  return asset ? utilityOf(asset.type) : route.name;
}
