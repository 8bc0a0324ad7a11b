import type { CertificateStanding } from '../../../../core/certificate-age.ts';
import { t } from '../language.ts';

const shapes: Readonly<Record<Exclude<CertificateStanding, 'good'>, string>> = {
  ended: 'M8 .8 15.2 8 8 15.2 .8 8Z',
  ends: 'M8 1.2 15.4 14.6H.6Z',
  'not-yet': 'M8 14.8.6 1.4h14.8Z',
};
const tones = { ended: 'critical', ends: 'high', 'not-yet': 'medium' } as const;

/** How a certificate stands, as shape, colour and word; nothing while it is good for long. */
export function StandingMark({ standing }: { standing: CertificateStanding }) {
  if (standing === 'good') return null;
  return (
    <span class="standing">
      <svg
        class={`mark mark-${tones[standing]} mark-active`}
        width="14"
        height="14"
        viewBox="0 0 16 16"
        aria-hidden="true"
      >
        <path d={shapes[standing]} />
      </svg>
      {t(`standing-${standing}`)}
    </span>
  );
}
