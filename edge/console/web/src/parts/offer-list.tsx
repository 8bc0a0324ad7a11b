import { useState } from 'preact/hooks';
import type { OfferLook, OfferView } from '../../../offers-api.ts';
import { lookAtOffer } from '../configuration-feed.ts';
import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { OfferDetail } from './offer-detail.tsx';
import { Problem } from './problem.tsx';

interface OfferListProps {
  /** Undefined until they were read. */
  readonly offers: readonly OfferView[] | undefined;
  /** Why they could not be read; empty when they could. */
  readonly unread: string;
  readonly onChanged: () => void;
}

/** Configurations that the centre offers, and what became of the last ones. */
export function OfferList({ offers, unread, onChanged }: OfferListProps) {
  const [look, setLook] = useState<OfferLook>();
  const [said, setSaid] = useState('');
  const { busy, problem, run } = useAction();
  const open = (number: number) => void run(async () => setLook(await lookAtOffer(number)));
  const decided = (outcome: string) => {
    setLook(undefined);
    setSaid(outcome);
    onChanged();
  };
  return (
    <>
      <section class="panel" aria-label={t('offers')}>
        <p class="form-hint offers-hint">{t('offersHint')}</p>
        <p class="form-hint offers-done" role="status">
          {said}
        </p>
        <Problem text={problem || unread} />
        {offers?.length === 0 && <p class="empty-line">{t('noOffers')}</p>}
        {offers && offers.length > 0 && (
          <table class="table">
            <thead>
              <tr>
                <th scope="col" class="numeric">
                  №
                </th>
                <th scope="col">{t('cameAt')}</th>
                <th scope="col">{t('offeredBy')}</th>
                <th scope="col">{t('reason')}</th>
                <th scope="col">{t('state')}</th>
                <th scope="col">{t('acts')}</th>
              </tr>
            </thead>
            <tbody>
              {offers.map((offer) => (
                <OfferRow key={offer.number} offer={offer} busy={busy} onOpen={() => open(offer.number)} />
              ))}
            </tbody>
          </table>
        )}
      </section>
      {look && (
        <OfferDetail key={look.offer.number} look={look} onMoved={() => open(look.offer.number)} onDecided={decided} />
      )}
    </>
  );
}

interface OfferRowProps {
  readonly offer: OfferView;
  readonly busy: boolean;
  readonly onOpen: () => void;
}

function OfferRow({ offer, busy, onOpen }: OfferRowProps) {
  const { number, time, by, via, reason, expires, state, decided } = offer;
  const now = gatewayNow();
  return (
    <tr>
      <th scope="row" class="numeric">
        {number}
      </th>
      <td>{momentText(time, now)}</td>
      <td>
        {by} <span class="asset-id">{via}</span>
      </td>
      <td>{reason}</td>
      <td>
        {state === 'waiting' ? <strong>{t('offer-waiting')}</strong> : t(`offer-${state}`)}
        <span class="asset-id">
          {decided
            ? [decided.by, momentText(decided.at, now), decided.why].filter((part) => part !== '').join(' · ')
            : `${t('offerUntil')} ${momentText(expires, now)}`}
        </span>
      </td>
      <td>
        {state === 'waiting' && (
          <button
            type="button"
            class="button"
            aria-label={`${t('compareVersion')}: ${number}`}
            disabled={busy}
            onClick={onOpen}
          >
            {t('compareVersion')}
          </button>
        )}
      </td>
    </tr>
  );
}
