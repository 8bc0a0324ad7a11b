import { type KeptOffer, KeptOffers, type OfferContent } from '../config/kept-offers.ts';
import type {
  ConfigurationDraft,
  ConfigurationOutcome,
  ConfigurationVerdict,
  ConfigurationView,
  ConsoleConfiguration,
} from '../console/configuration-api.ts';
import type { ConsoleOffers, OfferLook, OfferView } from '../console/offers-api.ts';
import type { UnfitOffer } from '../control/centre-desk.ts';
import { offerErrors } from '../control/errors.ts';
import type { Clock } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { EventType, NewEvent } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { ConfigurationOrder } from '../core/order.ts';
import { both } from '../core/text.ts';

/** Offers that may wait for somebody to decide; the centre is told to wait with more. */
const maxWaiting = 10;
/** Offers that were decided and are still told of. */
const maxDecided = 20;
/** Problems that a receipt tells. */
const maxProblems = 20;

export interface OffersParts {
  readonly gateway: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly configuration: ConsoleConfiguration;
  /** Resolves once the event is on disk. */
  record(event: NewEvent): Promise<unknown>;
  /** Whether the configuration lets offers over a sink be applied without a person. */
  unattended(sink: string): boolean;
}

/**
 * Configurations that the centre offers: judged as they come, kept until a person at the gateway applies or refuses them, or
 * their time is over. What became of each is an event.
 */
export class ConfigurationOffers implements ConsoleOffers {
  private offers: KeptOffer[] = [];
  /** Number of the newest, whatever became of it. */
  private newest = 0;
  private readonly kept: KeptOffers;
  private readonly parts: OffersParts;

  constructor(parts: OffersParts) {
    this.parts = parts;
    this.kept = new KeptOffers(parts.dataDir);
  }

  /** Reads what waited before a restart. */
  async open(): Promise<void> {
    this.offers = [...(await this.kept.list())];
    this.newest = this.offers.at(-1)?.number ?? 0;
  }

  /** Judges and keeps an offer; resolves once it is on disk, or with what is wrong with it. */
  async take(order: ConfigurationOrder, via: string): Promise<UnfitOffer | undefined> {
    const { clock } = this.parts;
    const { id, by, expires, reason, yaml, tables } = order;
    if (!this.offers.some((known) => known.id === id)) {
      const content = { ...(yaml === undefined ? {} : { yaml }), ...(tables ? { tables } : {}) } as OfferContent;
      const unfit = await this.judge(order, content);
      if (unfit) return unfit;
      const number = ++this.newest;
      const offer = { number, id, by, via, time: clock.wallMs(), expires, reason, state: 'waiting' } as const;
      await this.kept.keep(offer, content);
      this.offers.push(offer);
    }
    const offer = this.offers.find((known) => known.id === id);
    if (!offer) return undefined;
    await this.tell('offer.received', offer);
    if (offer.state === 'waiting' && this.parts.unattended(via)) void this.applyUnattended(offer);
    return undefined;
  }

  /** The newest first. */
  list(): readonly OfferView[] {
    return this.offers.toReversed();
  }

  async look(number: number): Promise<OfferLook | undefined> {
    const offer = this.offers.find((known) => known.number === number);
    if (!offer) return undefined;
    const draft = offer.state === 'waiting' ? await this.draftOf(number) : undefined;
    if (!draft) return { offer, base: '', errors: [], warnings: [], changes: [] };
    const { errors, warnings, changes } = await this.parts.configuration.check(draft.draft);
    return { offer, base: draft.base, errors, warnings, changes };
  }

  async apply(number: number, base: string, by: string): Promise<ConfigurationOutcome | undefined> {
    const offer = this.waiting(number);
    const draft = offer && (await this.draftOf(number));
    if (!draft) return undefined;
    const name = by === '' ? '' : `${by} (offer of ${offer.by})`;
    const outcome = await this.parts.configuration.apply(draft.draft, base, name);
    if (outcome.result === 'applied') {
      const { version, after: hash, atNextStart } = outcome;
      await this.decide(offer, 'applied', by, '', { version, hash, atNextStart });
    }
    return outcome;
  }

  async refuse(number: number, why: string, by: string): Promise<boolean> {
    const offer = this.waiting(number);
    if (!offer) return false;
    await this.decide(offer, 'refused', by, why);
    return true;
  }

  /** Ends those whose time is over. */
  async tick(): Promise<void> {
    const nowMs = this.parts.clock.wallMs();
    for (const offer of this.offers) {
      if (offer.state === 'waiting' && offer.expires <= nowMs) await this.decide(offer, 'expired', '', '');
    }
  }

  private waiting(number: number): KeptOffer | undefined {
    const nowMs = this.parts.clock.wallMs();
    return this.offers.find((one) => one.number === number && one.state === 'waiting' && one.expires > nowMs);
  }

  private async judge({ id, base }: ConfigurationOrder, content: OfferContent): Promise<UnfitOffer | undefined> {
    const { configuration } = this.parts;
    const unfit = (code: Parameters<typeof offerErrors.create>[0], en: string, zh: string) => ({
      error: offerErrors.create(code, both(`offer ${id}: ${en}`, `下发的配置 ${id}：${zh}`)),
      problems: [],
    });
    if (this.offers.filter(({ state }) => state === 'waiting').length >= maxWaiting) {
      return unfit('FULL', `${maxWaiting} wait to be decided`, `已有 ${maxWaiting} 份待定`);
    }
    const current = await configuration.read();
    if (base !== undefined && base !== current.hash) {
      return unfit(
        'STALE',
        `it was made from ${base}, and ${current.hash} stands`,
        `编制时的配置为 ${base}，现行配置为 ${current.hash}`,
      );
    }
    const { errors, changes, tables }: ConfigurationVerdict = await configuration.check(merged(current, content));
    if (errors.length > 0) {
      return {
        ...unfit('UNFIT', `${errors.length} mistakes`, `有 ${errors.length} 处错误`),
        problems: errors.slice(0, maxProblems),
      };
    }
    const strays = (content.tables ?? []).filter(({ path }) => !tables.includes(path)).map(({ path }) => path);
    if (strays.length > 0) {
      const named = strays.join(', ');
      return unfit('UNFIT', `no device has a point table ${named} here`, `没有设备使用点表 ${named}`);
    }
    return changes.length === 0 ? unfit('NOTHING', 'it is what stands', '与现行配置相同') : undefined;
  }

  private async draftOf(
    number: number,
  ): Promise<{ readonly draft: ConfigurationDraft; readonly base: string } | undefined> {
    const content = await this.kept.content(number);
    if (!content) return undefined;
    const current = await this.parts.configuration.read();
    return { draft: merged(current, content), base: current.hash };
  }

  /** Where the configuration lets the centre have its way. What does not go so waits for a person. */
  private async applyUnattended({ number, id, by, via }: KeptOffer): Promise<void> {
    const { log, configuration } = this.parts;
    try {
      const { hash } = await configuration.read();
      const outcome = await this.apply(number, hash, `${by} (${via})`);
      if (outcome?.result !== 'applied') log.warn({ sink: via }, `offer ${id}: ${outcome?.result ?? 'gone'}, it waits`);
    } catch (error) {
      log.warn({ sink: via }, `apply offer ${id}: ${describeError(error)}; it waits`);
    }
  }

  private async decide(
    offer: KeptOffer,
    state: 'applied' | 'refused' | 'expired',
    by: string,
    why: string,
    outcome: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const decided: KeptOffer = { ...offer, state, decided: { by, at: this.parts.clock.wallMs(), why } };
    this.offers = this.offers.map((one) => (one.number === offer.number ? decided : one));
    await this.kept.keep(decided);
    await this.tell(`offer.${state}`, decided, { ...outcome, by, ...(why === '' ? {} : { why }) });
    const over = this.offers.filter((one) => one.state !== 'waiting').slice(0, -maxDecided);
    this.offers = this.offers.filter((one) => !over.includes(one));
    for (const { number } of over) await this.kept.remove(number);
  }

  private async tell(
    type: Extract<EventType, `offer.${string}`>,
    { number, id, by: offeredBy, via, reason, expires }: KeptOffer,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const { gateway, clock, record } = this.parts;
    const data = { id, number, offeredBy, via, reason, expires: new Date(expires).toISOString(), ...more };
    await record({ type, time: clock.wallMs(), subject: gateway, utility: 'gateway', data });
  }
}

/** Where the gateway was not started from files, nothing can be offered. */
export const nowhereToOffer = ({ id }: ConfigurationOrder): UnfitOffer => ({
  error: offerErrors.create(
    'NO-FILES',
    both(`offer ${id}: this gateway was not started from files`, `下发的配置 ${id}：本网关不是由文件启动的`),
  ),
  problems: [],
});

/** The configuration that stands, with what is offered in the place of what it names. */
function merged(current: ConfigurationView, { yaml, tables = [] }: OfferContent): ConfigurationDraft {
  const others = current.tables.filter(({ path }) => !tables.some((one) => one.path === path));
  return { yaml: yaml ?? current.yaml, tables: [...others, ...tables] };
}
