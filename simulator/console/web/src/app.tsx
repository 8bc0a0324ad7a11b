import { useEffect, useState } from 'preact/hooks';
import { choosePlc, usePicture } from './city.ts';
import { HappenForm } from './happen-form.tsx';
import { HappeningList } from './happening-list.tsx';
import { Header } from './header.tsx';
import { CityMap } from './map.tsx';
import { Planes } from './planes.tsx';
import { t } from './texts.ts';

/** The whole page: the clock above, the city with what its PLCs say, and what happens beside it. */
export function App() {
  const picture = usePicture();
  const { city, now, labels } = picture;
  const [asset, setAsset] = useState<string>();
  const [, redraw] = useState(0);
  useEffect(() => {
    document.title = `${t('title')} · Lifeline`;
  });
  if (!city || !now) return <p class="empty">{t(picture.lost ? 'lost' : 'loading')}</p>;
  const choose = (id: string) => {
    setAsset(id);
    const plc = city.plcs.find(({ assets }) => assets.includes(id));
    if (plc) void choosePlc(plc.id);
  };
  return (
    <div class={`city ${picture.lost ? 'city-lost' : ''}`}>
      <Header now={now} onLanguage={() => redraw((count) => count + 1)} />
      {picture.lost && (
        <p class="city-lost-line" role="alert">
          {t('lost')}
        </p>
      )}
      {now.troubles.map((trouble) => (
        <p key={trouble} class="city-trouble" role="alert">
          {trouble}
        </p>
      ))}
      <main class="city-main">
        <CityMap city={city} states={now.states} links={picture.links} chosen={asset} onChoose={choose} />
        <Planes city={city} picture={picture} asset={asset} />
      </main>
      <aside class="city-side">
        <HappenForm city={city} asset={asset} />
        <HappeningList labels={labels} cityMs={now.cityMs} />
      </aside>
    </div>
  );
}
