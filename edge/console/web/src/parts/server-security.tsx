import type { DevicePlace, ServerOffer } from '../../../first-start-api.ts';
import { trustServer } from '../configuration-feed.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { Field } from './field.tsx';
import { Problem } from './problem.tsx';
import { SureButton } from './sure-button.tsx';

interface ServerSecurityProps {
  /** What the server offers, the safest first. */
  readonly offers: readonly ServerOffer[];
  readonly place: Omit<DevicePlace, 'driver'>;
  readonly onPlace: (change: Partial<DevicePlace>) => void;
  /** The certificate is trusted now. */
  readonly onTrusted: () => void;
}

const keyOf = ({ policy, mode }: Pick<ServerOffer, 'policy' | 'mode'>) => `${policy} / ${mode}`;

/** Whether the server can be reached as is wished, as far as it depends on this side. */
export const isReady = (offer: ServerOffer | undefined): boolean =>
  offer !== undefined && (offer.mode === 'None' || offer.trusted);

/** The offer that is chosen: the safest, until somebody has chosen another. */
export const chosenOf = (offers: readonly ServerOffer[], { security }: Pick<DevicePlace, 'security'>) =>
  offers.find((offer) => security && keyOf(offer) === keyOf(security)) ?? offers[0];

/** How an OPC UA server is reached, whether its certificate is trusted, and who to be there. */
export function ServerSecurity({ offers, place, onPlace, onTrusted }: ServerSecurityProps) {
  const chosen = chosenOf(offers, place);
  if (!chosen) return null;
  const { policy, mode, users, certificate, trusted } = chosen;
  const choose = (key: string) => {
    const offer = offers.find((one) => keyOf(one) === key);
    if (offer) onPlace({ security: { policy: offer.policy, mode: offer.mode } });
  };
  return (
    <fieldset class="form-line server-security" aria-label={t('serverSecurity')}>
      <label class="field">
        <span>{t('securityOffer')}</span>
        <select value={keyOf(chosen)} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {offers.map((offer, index) => (
            <option key={keyOf(offer)} value={keyOf(offer)} selected={offer === chosen}>
              {keyOf(offer)}
              {index === 0 && offer.mode !== 'None' ? ` – ${t('safest')}` : ''}
            </option>
          ))}
        </select>
      </label>
      {users.includes('UserName') && (
        <>
          <Field
            label={t(users.includes('Anonymous') ? 'serverUserOptional' : 'serverUser')}
            value={place.user}
            onValue={(user) => onPlace({ user })}
            optional={users.includes('Anonymous')}
          />
          <Field
            label={t('serverPassword')}
            value={place.password}
            onValue={(password) => onPlace({ password })}
            type="password"
            optional={place.user === ''}
          />
        </>
      )}
      {mode === 'None' && <p class="form-hint form-whole">{t('unprotected')}</p>}
      {policy !== 'None' && certificate && (
        <ShownCertificate certificate={certificate} trusted={trusted} onTrusted={onTrusted} />
      )}
    </fieldset>
  );
}

interface ShownCertificateProps {
  readonly certificate: NonNullable<ServerOffer['certificate']>;
  readonly trusted: boolean;
  readonly onTrusted: () => void;
}

function ShownCertificate({ certificate, trusted, onTrusted }: ShownCertificateProps) {
  const { thumbprint, subject, validFrom, validTo } = certificate;
  const { busy, problem, run } = useAction();
  const trust = async () => {
    if (await run(() => trustServer(thumbprint))) onTrusted();
  };
  return (
    <div class="shown-certificate form-whole">
      <p>
        {t('serverShows')} <strong>{subject}</strong>
        <span class="certificate-more">
          {t('validFrom')} {validFrom.slice(0, 10)} · {t('validUntil')} {validTo.slice(0, 10)}
        </span>
        <span class="certificate-more">
          {t('thumbprint')}: <code>{thumbprint}</code>
        </span>
      </p>
      {trusted ? (
        <p role="status">{t('role-trusted')}</p>
      ) : (
        <>
          <p class="form-hint">{t('compareFingerprint')}</p>
          <SureButton
            {...{ name: t('trust'), of: subject, question: t('trustQuestion'), disabled: busy }}
            onSure={() => void trust()}
          />
        </>
      )}
      <Problem text={problem} />
    </div>
  );
}
