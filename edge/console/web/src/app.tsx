import { useEffect, useRef, useState } from 'preact/hooks';
import { type Picture, usePicture } from './feed.ts';
import { t, tOr } from './language.ts';
import { AccountPage } from './pages/account.tsx';
import { AlarmsPage } from './pages/alarms.tsx';
import { AssetPage } from './pages/asset.tsx';
import { AuditPage } from './pages/audit.tsx';
import { DetectionPage } from './pages/detection.tsx';
import { DevicePage } from './pages/device.tsx';
import { DevicesPage } from './pages/devices.tsx';
import { Entrance } from './pages/entrance.tsx';
import { FirstStartPage } from './pages/first-start.tsx';
import { IncidentsPage } from './pages/incidents.tsx';
import { ModelsPage } from './pages/models.tsx';
import { Overview } from './pages/overview.tsx';
import { SetUpPage } from './pages/set-up.tsx';
import { TrendPage } from './pages/trend.tsx';
import { UpstreamPage } from './pages/upstream.tsx';
import { UsersPage } from './pages/users.tsx';
import { UtilityPage } from './pages/utility.tsx';
import { VerdictsPage } from './pages/verdicts.tsx';
import { Announcer } from './parts/announcer.tsx';
import { AttentionBar } from './parts/attention-bar.tsx';
import { Header } from './parts/header.tsx';
import { LostBanner } from './parts/lost-banner.tsx';
import { Nowhere } from './parts/nowhere.tsx';
import { Rail } from './parts/rail.tsx';
import { type Route, useRoute } from './routes.ts';
import { may } from './session.ts';

/** Pages that show one of their own list, or keep what is being written: choosing another is no change of place. */
const listed = new Set(['alarms', 'detection', 'incidents', 'set-up', 'trend', 'upstream']);

/** The whole page: header, places, and the place where the reader stands. */
export function App() {
  const picture = usePicture();
  const route = useRoute();
  const [, redraw] = useState(0);
  const main = useRef<HTMLElement>(null);
  const place = listed.has(route.name) ? route.name : `${route.name}/${route.argument}`;
  const placeBefore = useRef(place);
  useEffect(() => {
    document.title = `${tOr(route.name)} · ${picture.city?.view.gateway.name ?? t('product')}`;
  });
  useEffect(() => {
    if (placeBefore.current === place) return;
    placeBefore.current = place;
    main.current?.focus();
    main.current?.scrollTo(0, 0);
  }, [place]);
  const onLanguage = () => redraw((count) => count + 1);
  const unowned = route.name === 'owner' && picture.session?.hasOwner === false;
  if (unowned || (picture.session && !may('viewer'))) return <Entrance route={route} onLanguage={onLanguage} />;
  if (picture.session?.firstStart) return <FirstStartPage onLanguage={onLanguage} />;
  return (
    <div class={`app app-${picture.link}`}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {t('skip')}
      </button>
      <Header picture={picture} onLanguage={onLanguage} />
      <div class="banners">
        {picture.link === 'lost' && <LostBanner picture={picture} />}
        <AttentionBar view={picture.alarms} />
      </div>
      <Rail picture={picture} route={route} />
      <main class="main" ref={main} tabIndex={-1}>
        {picture.city ? <Place key={place} picture={picture} route={route} /> : <p class="empty">{t('loading')}</p>}
      </main>
      <Announcer view={picture.alarms} />
    </div>
  );
}

function Place({ picture, route }: { picture: Picture; route: Route }) {
  const { city } = picture;
  const { name, argument } = route;
  if (!city) return null;
  if (name === 'overview') return <Overview city={city} picture={picture} />;
  if (name === 'alarms') return <AlarmsPage city={city} picture={picture} route={route} />;
  if (name === 'devices' && argument !== '') return <DevicePage city={city} id={argument} />;
  if (name === 'devices') return <DevicesPage picture={picture} />;
  if (name === 'upstream') return <UpstreamPage picture={picture} selected={argument} />;
  if (name === 'detection') return <DetectionPage city={city} selected={argument} />;
  if (name === 'incidents') return <IncidentsPage city={city} selected={argument} />;
  if (name === 'models') return <ModelsPage city={city} />;
  if (name === 'set-up') return <SetUpPage place={argument} />;
  if (name === 'audit') return <AuditPage />;
  if (name === 'users') return <UsersPage />;
  if (name === 'account') return <AccountPage />;
  if (name === 'verdicts') return <VerdictsPage city={city} />;
  if (name === 'trend') return <TrendPage city={city} route={route} />;
  const utility = city.view.utilities.find((candidate) => candidate.id === argument);
  if (name === 'utility' && utility) return <UtilityPage city={city} utility={utility} />;
  const asset = city.assets.get(argument);
  if (name === 'asset' && asset) return <AssetPage city={city} asset={asset} />;
  return <Nowhere />;
}
