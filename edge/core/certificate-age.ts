/** A certificate is told of from so many days before its end. */
export const certificateWarningDays = 30;
const dayMs = 86_400_000;

/** From when until when a certificate is good, ms since epoch. */
export interface CertificateSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Of the dates of a certificate as texts, those of `X509Certificate` or ISO 8601. */
export const spanOf = ({ validFrom, validTo }: Readonly<Record<'validFrom' | 'validTo', string>>): CertificateSpan => ({
  ...{ fromMs: Date.parse(validFrom), toMs: Date.parse(validTo) },
});

/** How a certificate stands: `ends` is good, for less than the warning time. */
export type CertificateStanding = 'not-yet' | 'good' | 'ends' | 'ended';

/** How a certificate stands, and the whole days that it is good for from now on; negative once it has ended. */
export interface CertificateAge {
  readonly standing: CertificateStanding;
  readonly daysLeft: number;
}

/** The one rule for all certificates. */
export function certificateAge({ fromMs, toMs }: CertificateSpan, nowMs: number): CertificateAge {
  const daysLeft = Math.floor((toMs - nowMs) / dayMs);
  if (toMs <= nowMs) return { standing: 'ended', daysLeft };
  if (fromMs > nowMs) return { standing: 'not-yet', daysLeft };
  return { standing: daysLeft < certificateWarningDays ? 'ends' : 'good', daysLeft };
}

/** Whether people are to be told of the end. */
export const endsSoon = ({ daysLeft }: CertificateAge): boolean => daysLeft < certificateWarningDays;
