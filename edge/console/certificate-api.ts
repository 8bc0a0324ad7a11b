/** What a certificate is there for. */
export const certificateUses = ['console', 'opcua', 'device', 'sink'] as const;

/** A certificate of the gateway, or of somebody that it talks to. */
export interface KnownCertificate {
  readonly use: (typeof certificateUses)[number];
  /** Device or sink with the key that names it, `city: tls.ca`; empty where it is in use for all. */
  readonly where: string;
  /**
   * `own` is shown to others, `renewed` will follow it, `authority` vouches for others; what others show is `trusted`, or
   * `rejected` where nobody has trusted it (yet).
   */
  readonly role: 'own' | 'renewed' | 'authority' | 'trusted' | 'rejected';
  readonly pem: string;
}

/** The certificates of a gateway, but for the one of the console itself. */
export interface ConsoleCertificates {
  list(): Promise<readonly KnownCertificate[]>;
  /** Trusts a peer's certificate, or does so no longer; from the next connection on. */
  judge(certificate: KnownCertificate, verdict: 'trust' | 'reject'): Promise<void>;
}
