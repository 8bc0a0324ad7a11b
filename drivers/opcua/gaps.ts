import type { DriverHost } from '../api.ts';
import { opcuaErrors } from './errors.ts';

/** A server that always loses is not reported at each message. */
const quietMs = 60_000;

/** Counts what a server lost on the way to us and says so, at most once a minute. */
export class GapReport {
  private readonly device: string;
  private readonly target: string;
  private readonly host: DriverHost;
  private messages = 0;
  private values = 0;
  private saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(device: string, target: string, host: DriverHost) {
    this.device = device;
    this.target = target;
    this.host = host;
  }

  /** Messages that never came and could not be had again. */
  lostMessages(count: number): void {
    this.messages += count;
    this.say();
  }

  /** A queue of the server ran over: at least one value before this one is gone. */
  overflowed(): void {
    this.values += 1;
    this.say();
  }

  private say(): void {
    const now = this.host.clock.monotonicMs();
    if (now - this.saidAtMs < quietMs) return;
    this.saidAtMs = now;
    const what = [
      ...(this.messages > 0 ? [`${this.messages} messages never came`] : []),
      ...(this.values > 0 ? [`queues of the server ran over ${this.values} times`] : []),
    ];
    const error = opcuaErrors.create('GAP', `${this.target}: ${what.join(', ')}`);
    this.messages = 0;
    this.values = 0;
    this.host.log.warn({ code: error.code, device: this.device, next: error.next }, error.message);
  }
}
