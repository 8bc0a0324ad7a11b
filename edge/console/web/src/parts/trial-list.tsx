import type { ModelsView } from '../../../detection-wire.ts';
import { numberText } from '../format.ts';
import { t } from '../language.ts';
import type { TextKey } from '../texts.ts';

type Trial = NonNullable<ModelsView['versions'][number]['trial']>;

interface Asked {
  readonly name: TextKey;
  readonly shown: number | null;
  readonly bound: 'atLeast' | 'atMost';
  readonly asked: number | null;
}

const askedOf = (trial: Trial): readonly Asked[] => [
  { name: 'trialRows', shown: trial.rows, bound: 'atLeast', asked: trial.leastRows },
  { name: 'trialEpisodes', shown: trial.episodes, bound: 'atMost', asked: trial.mostEpisodes },
  { name: 'trialAgreed', shown: trial.agreed, bound: 'atLeast', asked: trial.leastAgreed },
  { name: 'trialOutside', shown: trial.outOfModel, bound: 'atMost', asked: trial.mostOutOfModel },
];

const holds = ({ shown, asked, bound }: Asked): boolean =>
  bound === 'atLeast' ? (shown ?? 0) >= (asked ?? 0) : (shown ?? 0) <= (asked ?? 0);

/** Whether a shadow may be promoted as far as its record goes. */
export const hasPassed = (trial: Trial): boolean => askedOf(trial).every(holds);

/** What a shadow has to show, and what it has shown. */
export function TrialList({ trial }: { trial: Trial }) {
  return (
    <ul class="trial" aria-label={t('trial')}>
      {askedOf(trial).map((one) => (
        <li key={one.name}>
          <span aria-hidden="true">{holds(one) ? '✓' : '○'}</span>
          <span class="hidden">{t(holds(one) ? 'passed' : 'notPassed')}</span> {t(one.name)}{' '}
          <strong>{numberText(one.shown, 0)}</strong> ({t(one.bound)} {numberText(one.asked, 0)})
        </li>
      ))}
    </ul>
  );
}
