import {
  type CertificateFiles,
  dropBrought,
  givenCertificate,
  type OwnParts,
  ownCertificate,
  type ServerCertificate,
  takeBrought,
} from './certificate.ts';
import type { KeyPair } from './self-signed.ts';

/** The certificate that the console shows. Another is shown from the next connection on, or the one before where that fails. */
export class ShownCertificate {
  private shown: ServerCertificate | undefined;
  private readonly parts: OwnParts;
  private readonly show: (pair: KeyPair) => void;

  /** @param show has those who connect next see it */
  constructor(parts: OwnParts, show: (pair: KeyPair) => void) {
    this.parts = parts;
    this.show = show;
  }

  /** Undefined until it is known, and where the link is not encrypted. */
  current(): ServerCertificate | undefined {
    return this.shown;
  }

  /** @param given files of the configuration; the brought or the self-signed one when left out */
  async load(given: CertificateFiles | undefined): Promise<void> {
    this.shown = given ? await givenCertificate(given) : await ownCertificate(this.parts);
  }

  replace(pair: KeyPair): Promise<ServerCertificate> {
    return this.change(takeBrought(pair, this.parts, this.show));
  }

  restore(): Promise<ServerCertificate> {
    return this.change(dropBrought(this.parts, this.show));
  }

  private async change(to: Promise<ServerCertificate>): Promise<ServerCertificate> {
    const before = this.shown;
    try {
      this.shown = await to;
      return this.shown;
    } catch (error) {
      if (before) this.show(before);
      throw error;
    }
  }
}
