import { useState } from 'preact/hooks';
import type { OfferLook } from '../../../offers-api.ts';
import { applyOffer, problemText, refuseOffer } from '../configuration-feed.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { Difference } from './difference.tsx';
import { Problem } from './problem.tsx';
import { ProblemList } from './problem-list.tsx';
import { SureButton } from './sure-button.tsx';
import { TextLine } from './text-line.tsx';

interface OfferDetailProps {
  readonly look: OfferLook;
  /** Somebody has changed the configuration since it was looked at. */
  readonly onMoved: () => void;
  /** @param said what there is to know of it beyond the list */
  readonly onDecided: (said: string) => void;
}

/** What an offer would change, and the two things that can be done with it. */
export function OfferDetail({ look, onMoved, onDecided }: OfferDetailProps) {
  const { offer, base, errors, warnings, changes } = look;
  const [why, setWhy] = useState('');
  const [moved, setMoved] = useState(false);
  const { busy, problem, run } = useAction();
  const apply = () =>
    run(async () => {
      const outcome = await applyOffer(offer.number, base);
      if (outcome.result === 'refused') throw new Error(outcome.errors.map(problemText).join(' '));
      setMoved(outcome.result === 'conflict');
      if (outcome.result === 'conflict') return onMoved();
      const { version, atNextStart } = outcome;
      const later = atNextStart.length > 0 ? ` · ${t('atNextStart')} ${atNextStart.join(', ')}` : '';
      onDecided(`${t('applied')} ${version}${later}`);
    });
  const refuse = () =>
    run(async () => {
      await refuseOffer(offer.number, why.trim());
      onDecided('');
    });
  const title = `${t('offer')} ${offer.number}: ${offer.reason}`;
  return (
    <section class="panel set-up-part" aria-label={title}>
      <h2>{title}</h2>
      <div class="form-line offer-acts">
        <SureButton
          name={t('apply')}
          of={String(offer.number)}
          question={t('applyQuestion')}
          disabled={busy || errors.length > 0}
          onSure={() => void apply()}
        />
        <TextLine label={t('refuseWhy')} value={why} most={200} onValue={setWhy} />
        <SureButton
          name={t('refuseOffer')}
          of={String(offer.number)}
          question={t('refuseQuestion')}
          disabled={busy || why.trim() === ''}
          onSure={() => void refuse()}
        />
      </div>
      <Problem text={problem} />
      {moved && (
        <p class="problem" role="alert">
          {t('offerMoved')}
        </p>
      )}
      {errors.length + warnings.length > 0 && <ProblemList errors={errors} warnings={warnings} />}
      <h3>{t('offerChanges')}</h3>
      {changes.length === 0 && <p class="form-hint">{t('offerChangesNothing')}</p>}
      <Difference changes={changes} />
    </section>
  );
}
