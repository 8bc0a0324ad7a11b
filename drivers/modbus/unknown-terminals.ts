import type { Clock } from '../../edge/core/clock.ts';
import type { Log } from '../../edge/core/log.ts';
import { asText, both, type Text } from '../../edge/core/text.ts';
import { modbusErrors } from './errors.ts';
import { describeSent } from './registration.ts';

/** Different registrations remembered; the one unseen for longest is forgotten first. */
const maxRemembered = 16;
/** Registrations named in one message. */
const maxNamed = 5;
/** Between two log lines about strangers on one port. */
const logPauseMs = 60_000;

interface Stranger {
  readonly sent: string;
  address: string;
  times: number;
  lastMs: number;
}

/** Who dialled in on one port without being expected: what a commissioning engineer compares with the configuration. */
export class UnknownTerminals {
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly at: string;
  private readonly strangers = new Map<string, Stranger>();
  private unlogged = 0;
  private logAgainMs = Number.NEGATIVE_INFINITY;

  /** @param at the port, for messages: `0.0.0.0:5020` */
  constructor(at: string, clock: Clock, log: Log) {
    this.at = at;
    this.clock = clock;
    this.log = log;
  }

  /** A connection was turned away after sending this. */
  note(heard: Buffer, address: string): void {
    const nowMs = this.clock.monotonicMs();
    const sent = heard.length === 0 ? 'nothing' : describeSent(heard);
    const stranger = this.strangers.get(sent) ?? { sent, address, times: 0, lastMs: nowMs };
    stranger.address = address;
    stranger.times++;
    stranger.lastMs = nowMs;
    this.strangers.delete(sent);
    this.strangers.set(sent, stranger);
    const [oldest] = this.strangers.keys();
    if (this.strangers.size > maxRemembered && oldest !== undefined) this.strangers.delete(oldest);
    this.warn(sent, address, nowMs);
  }

  private warn(sent: string, address: string, nowMs: number): void {
    if (nowMs < this.logAgainMs) {
      this.unlogged++;
      return;
    }
    const more = this.unlogged > 0 ? `; ${this.unlogged} more were turned away since the last such line` : '';
    const what = `a terminal from ${address} dialled in on ${this.at} and sent ${sent}, which no device expects${more}`;
    const { code, next, message } = modbusErrors.create('REGISTRATION', asText(what));
    this.log.warn({ code, next }, message);
    this.unlogged = 0;
    this.logAgainMs = nowMs + logPauseMs;
  }

  /** `others dialled in: "REG123" from 10.1.2.3 (2 times, last 14 s ago)`, the latest first. */
  describe(): Text {
    if (this.strangers.size === 0) return both('nobody has dialled in without being expected', '没有意外的终端接入');
    const nowMs = this.clock.monotonicMs();
    const latest = [...this.strangers.values()].reverse();
    const named = latest.slice(0, maxNamed).map(({ sent, address, times, lastMs }) => {
      const agoS = Math.round((nowMs - lastMs) / 1000);
      return both(
        `${sent} from ${address} (${times === 1 ? 'once' : `${times} times, last`} ${agoS} s ago)`,
        `${address} 发来 ${sent}（${times} 次，最近 ${agoS} s 前）`,
      );
    });
    const more = latest.length - named.length;
    return both(
      `others dialled in and sent: ${named.map(({ en }) => en).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      `另有接入：${named.map(({ zh }) => zh).join('，')}${more > 0 ? `，等 ${latest.length} 个` : ''}`,
    );
  }
}
