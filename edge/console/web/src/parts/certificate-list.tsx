import type { CertificatesView, CertificateView } from '../../../wire.ts';
import { getJson, postJson } from '../feed.ts';
import { dateText } from '../format.ts';
import { t } from '../language.ts';
import { ownName } from '../operator.ts';
import { may } from '../session.ts';
import { useAction } from '../use-action.ts';
import { usePolled } from '../use-polled.ts';
import { Problem } from './problem.tsx';
import { ReplaceCertificate } from './replace-certificate.tsx';
import { StandingMark } from './standing-mark.tsx';
import { SureButton } from './sure-button.tsx';

const readCertificates = (): Promise<CertificatesView> => getJson('/api/certificates');

/** Every certificate of the gateway and of whom it talks to: whose it is, until when, and whether it is trusted. For engineers. */
export function CertificateList() {
  const { view, problem, again } = usePolled(readCertificates, '', { everyMs: 5_000 });
  return (
    <>
      <section class="panel" aria-label={t('certificates')}>
        <Problem text={problem} />
        {view?.certificates.length === 0 && <p class="empty-line">{t('noCertificates')}</p>}
        {view && view.certificates.length > 0 && (
          <>
            <p class="form-hint certificate-hint">{t('certificateHint')}</p>
            <div class="grid-frame">
              <table class="table certificate-table">
                <thead>
                  <tr>
                    <th scope="col">{t('certificateOf')}</th>
                    <th scope="col">{t('holder')}</th>
                    <th scope="col">{t('fingerprint')}</th>
                    <th scope="col">{t('validFrom')}</th>
                    <th scope="col">{t('validUntil')}</th>
                    <th scope="col" class="numeric">
                      {t('daysLeft')}
                    </th>
                    <th scope="col">{t('acts')}</th>
                  </tr>
                </thead>
                <tbody>
                  {view.certificates.map((one) => (
                    <CertificateRow
                      key={`${one.use}/${one.where}/${one.role}/${one.fingerprint}`}
                      one={one}
                      onChanged={again}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </section>
      {view && may('owner') && (
        <section class="panel" aria-label={t('replaceCertificate')}>
          <div class="panel-head">
            <h2>{t('replaceCertificate')}</h2>
          </div>
          {view.replaceable ? (
            <ReplaceCertificate restorable={view.restorable} onReplaced={again} />
          ) : (
            <p class="form-hint">{t('replaceNotHere')}</p>
          )}
        </section>
      )}
    </>
  );
}

interface CertificateRowProps {
  readonly one: CertificateView;
  readonly onChanged: () => void;
}

function CertificateRow({ one, onChanged }: CertificateRowProps) {
  const { use, where, role, subject, issuer, names, fingerprint, thumbprint, fromMs, toMs, standing, daysLeft } = one;
  return (
    <tr>
      <th scope="row">
        {t(`use-${use}`)}
        <span class="certificate-more">{where}</span>
        <span class={role === 'rejected' ? 'certificate-role certificate-unknown' : 'certificate-role'}>
          {t(`role-${role}`)}
        </span>
      </th>
      <td class="certificate-name">
        {subject || '—'}
        <span class="certificate-more">
          {t('issuer')}: {issuer === subject ? t('selfIssued') : issuer}
        </span>
        {names !== '' && (
          <span class="certificate-more">
            {t('forNames')}: {names}
          </span>
        )}
      </td>
      <td class="certificate-print">
        <code>{fingerprint}</code>
        {use === 'opcua' && (
          <span class="certificate-more">
            {t('thumbprint')}: <code>{thumbprint}</code>
          </span>
        )}
      </td>
      <td class="certificate-day">{dateText(fromMs)}</td>
      <td class="certificate-day">{dateText(toMs)}</td>
      <td class="numeric">
        <StandingMark standing={standing} /> {daysLeft}
      </td>
      <td>
        <CertificateActs one={one} onChanged={onChanged} />
      </td>
    </tr>
  );
}

function CertificateActs({ one: { role, fingerprint, subject }, onChanged }: CertificateRowProps) {
  const { busy, problem, run } = useAction();
  const decide = (trust: boolean) =>
    void run(() => postJson('/api/certificate-verdict', { fingerprint, trust, by: ownName() })).then(onChanged);
  return (
    <span class="certificate-acts">
      {role === 'rejected' && (
        <SureButton
          {...{ name: t('trust'), of: subject, question: t('trustQuestion'), disabled: busy }}
          onSure={() => decide(true)}
        />
      )}
      {role === 'trusted' && (
        <SureButton
          {...{ name: t('refuse'), of: subject, question: t('refuseQuestion'), disabled: busy }}
          onSure={() => decide(false)}
        />
      )}
      <a
        class="button"
        href={`/api/certificate?${new URLSearchParams({ fingerprint })}`}
        download
        aria-label={`${t('download')}: ${subject}`}
      >
        {t('download')}
      </a>
      <Problem text={problem} />
    </span>
  );
}
