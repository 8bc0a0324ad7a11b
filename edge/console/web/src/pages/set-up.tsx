import { readOffers } from '../configuration-feed.ts';
import { t } from '../language.ts';
import { CertificateList } from '../parts/certificate-list.tsx';
import { ConfigurationEditor } from '../parts/configuration-editor.tsx';
import { OfferList } from '../parts/offer-list.tsx';
import { SystemHealth } from '../parts/system-health.tsx';
import { VersionList } from '../parts/version-list.tsx';
import { href } from '../routes.ts';
import { may } from '../session.ts';
import { useDraft } from '../use-draft.ts';
import { usePolled } from '../use-polled.ts';

const places = ['configuration', 'offers', 'versions', 'certificates', 'system'] as const;

/** Files of the configuration, offers of the centre, versions that were in force, certificates, and how the gateway itself does. For engineers. */
export function SetUpPage({ place }: { place: string }) {
  if (!may('engineer')) return <p class="panel empty-line">{t('needsEngineerToRead')}</p>;
  return <SetUp here={places.find((one) => one === place) ?? 'configuration'} />;
}

function SetUp({ here }: { here: (typeof places)[number] }) {
  // kept while another of the pages is looked at
  const draft = useDraft();
  const { view, problem, again } = usePolled(readOffers, '', { everyMs: 5_000 });
  const waiting = view?.offers.filter(({ state }) => state === 'waiting').length ?? 0;
  const changed = () => {
    again();
    void draft.read();
  };
  return (
    <div class="stack">
      <div class="page-head">
        <h1>{t('set-up')}</h1>
        <nav class="tabs" aria-label={t('setUpPages')}>
          {places.map((one) => (
            <a key={one} href={href('set-up', one)} aria-current={one === here ? 'page' : undefined}>
              {t(one)}
              {one === 'offers' && waiting > 0 && (
                <>
                  {' '}
                  <span class="tab-count">{waiting}</span>
                </>
              )}
            </a>
          ))}
        </nav>
      </div>
      {here === 'configuration' && <ConfigurationEditor draft={draft} />}
      {here === 'offers' && <OfferList offers={view?.offers} unread={problem} onChanged={changed} />}
      {here === 'versions' && <VersionList base={draft.base?.hash} onChanged={() => void draft.read()} />}
      {here === 'certificates' && <CertificateList />}
      {here === 'system' && <SystemHealth />}
    </div>
  );
}
