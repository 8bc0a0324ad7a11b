import { t } from '../language.ts';
import { CertificateList } from '../parts/certificate-list.tsx';
import { ConfigurationEditor } from '../parts/configuration-editor.tsx';
import { SystemHealth } from '../parts/system-health.tsx';
import { VersionList } from '../parts/version-list.tsx';
import { href } from '../routes.ts';
import { may } from '../session.ts';
import { useDraft } from '../use-draft.ts';

const places = ['configuration', 'versions', 'certificates', 'system'] as const;

/** Files of the configuration, versions that were in force, certificates, and how the gateway itself does. For engineers. */
export function SetUpPage({ place }: { place: string }) {
  if (!may('engineer')) return <p class="panel empty-line">{t('needsEngineerToRead')}</p>;
  return <SetUp here={places.find((one) => one === place) ?? 'configuration'} />;
}

function SetUp({ here }: { here: (typeof places)[number] }) {
  // kept while another of the pages is looked at
  const draft = useDraft();
  return (
    <div class="stack">
      <div class="page-head">
        <h1>{t('set-up')}</h1>
        <nav class="tabs" aria-label={t('setUpPages')}>
          {places.map((one) => (
            <a key={one} href={href('set-up', one)} aria-current={one === here ? 'page' : undefined}>
              {t(one)}
            </a>
          ))}
        </nav>
      </div>
      {here === 'configuration' && <ConfigurationEditor draft={draft} />}
      {here === 'versions' && <VersionList base={draft.base?.hash} onChanged={() => void draft.read()} />}
      {here === 'certificates' && <CertificateList />}
      {here === 'system' && <SystemHealth />}
    </div>
  );
}
