import type { LifelineError } from '../core/errors.ts';
import { both } from '../core/text.ts';
import { mqttErrors } from './errors.ts';

/** Drops in a row at the same event, after which it is taken for their cause; all but the first with nothing else under way. */
const mostDrops = 5;
/** A far end that does not take a message drops the connection soon after it; one that goes later went for another reason. */
const soonMs = 10_000;

/** An event on its way. */
interface UnderWay {
  readonly bytes: number;
  /** Monotonic ms. */
  readonly sinceMs: number;
}

/**
 * Finds the event at which a broker drops the connection time and again, because it is larger than a limit that MQTT 3.1.1 has no
 * way to tell beforehand. The oldest event under way at a drop is suspected; on the next connections it goes alone, before all
 * others, once a round trip has shown that the connection is sound. One no larger than what the broker has taken is not it.
 */
export class DropSuspect {
  private readonly underWay = new Map<number, UnderWay>();
  private suspect: { readonly sequence: number; readonly bytes: number; drops: number } | undefined;
  private largestTaken = 0;

  /** Of the event that has to go alone on this connection; undefined where none has. */
  get sequence(): number | undefined {
    return this.suspect?.sequence;
  }

  sent(sequence: number, bytes: number, nowMs: number): void {
    this.underWay.set(sequence, { bytes, sinceMs: nowMs });
  }

  taken(sequence: number): void {
    this.largestTaken = Math.max(this.largestTaken, this.underWay.get(sequence)?.bytes ?? 0);
    this.underWay.delete(sequence);
    if (sequence === this.suspect?.sequence) this.suspect = undefined;
  }

  /** A connection has ended; for a reason of which the broker said nothing, or which is the size of a packet. */
  ended(reason: LifelineError, nowMs: number): void {
    const [oldest] = this.underWay;
    this.underWay.clear();
    const dropped = reason.code === 'LL-MQTT-LOST' || reason.code === 'LL-MQTT-TOO-LARGE';
    if (!oldest || !dropped) return;
    const [sequence, { bytes, sinceMs }] = oldest;
    if (nowMs - sinceMs > soonMs || bytes <= this.largestTaken) return;
    if (this.suspect?.sequence !== sequence) this.suspect = { sequence, bytes, drops: 0 };
    this.suspect.drops++;
  }

  /** Why an event must not be sent any more; undefined where it may be. */
  verdict(sequence: number, url: string): LifelineError | undefined {
    if (sequence !== this.suspect?.sequence || this.suspect.drops < mostDrops) return undefined;
    const { bytes, drops } = this.suspect;
    const text = both(
      `send an event of ${bytes} bytes to ${url}: the broker dropped the connection at it ${drops} times in a row`,
      `向 ${url} 发送 ${bytes} 字节的事件：代理连续 ${drops} 次在收到它时断开连接`,
    );
    return mqttErrors.create('TOO-LARGE', text);
  }

  /** The event goes no more. */
  forget(): void {
    this.suspect = undefined;
  }
}
