import type { ConfigurationOutcome, ConfigurationVerdict } from './configuration-api.ts';

/** A configuration that the centre offers. */
export interface OfferView {
  readonly number: number;
  /** Of the order that brought it. */
  readonly id: string;
  /** Who offers it, over which sink, and why. */
  readonly by: string;
  readonly via: string;
  readonly reason: string;
  /** ms since epoch: when it came, and until when it may be applied. */
  readonly time: number;
  readonly expires: number;
  readonly state: 'waiting' | 'applied' | 'refused' | 'expired';
  /** Who made it what it is when it waits no more, and why; empty where nobody said. */
  readonly decided?: { readonly by: string; readonly at: number; readonly why: string } | undefined;
}

/** What an offer would come to now. */
export interface OfferLook extends Pick<ConfigurationVerdict, 'errors' | 'warnings' | 'changes'> {
  readonly offer: OfferView;
  /** Hash of the configuration that it was looked at against; empty where it waits no more. */
  readonly base: string;
}

/** Configurations that the centre offers. Acts resolve once they are on disk, and undefined or false where no such offer waits. */
export interface ConsoleOffers {
  /** The newest first. */
  list(): readonly OfferView[];
  look(number: number): Promise<OfferLook | undefined>;
  /** @param base hash of what the offer was looked at against */
  apply(number: number, base: string, by: string): Promise<ConfigurationOutcome | undefined>;
  refuse(number: number, why: string, by: string): Promise<boolean>;
}
