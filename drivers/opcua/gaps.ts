import type { Timer } from '../../edge/core/clock.ts';
import { both } from '../../edge/core/text.ts';
import type { DeviceNotice, DriverHost } from '../api.ts';
import { opcuaErrors } from './errors.ts';

/** A server that always loses is not reported at each message; a gap is over after this long without another. */
const quietMs = 60_000;

/** Counts what a server lost on the way to us and says so, at most once a minute. */
export class GapReport {
  private readonly device: string;
  private readonly target: string;
  private readonly host: DriverHost;
  private readonly notice: (notice: DeviceNotice) => void;
  private messages = 0;
  private values = 0;
  private saidAtMs = Number.NEGATIVE_INFINITY;
  private timer: Timer | undefined;

  constructor(
    device: string,
    target: string,
    host: DriverHost,
    notice: (notice: DeviceNotice) => void = () => undefined,
  ) {
    this.device = device;
    this.target = target;
    this.host = host;
    this.notice = notice;
  }

  /** Messages that never came and could not be had again. */
  lostMessages(count: number): void {
    this.messages += count;
    this.sayUnlessJustSaid();
  }

  /** A queue of the server ran over: at least one value before this one is gone. */
  overflowed(): void {
    this.values += 1;
    this.sayUnlessJustSaid();
  }

  /** Nothing is said any more. */
  stop(): void {
    this.timer?.cancel();
  }

  private sayUnlessJustSaid(): void {
    if (this.host.clock.monotonicMs() - this.saidAtMs >= quietMs) this.say();
  }

  private say(): void {
    const { clock, log } = this.host;
    this.saidAtMs = clock.monotonicMs();
    const observed = this.messages + this.values;
    const { messages, values, target } = this;
    const what = [
      ...(messages > 0
        ? [both(`${messages} ${messages === 1 ? 'message' : 'messages'} never came`, `${messages} 条报文未到`)]
        : []),
      ...(values > 0
        ? [
            both(
              `queues of the server ran over ${values === 1 ? 'once' : `${values} times`}`,
              `服务器队列溢出 ${values} 次`,
            ),
          ]
        : []),
    ];
    const text = both(
      `${target}: ${what.map(({ en }) => en).join(', ')}`,
      `${target}：${what.map(({ zh }) => zh).join('，')}`,
    );
    const error = opcuaErrors.create('GAP', text);
    this.messages = 0;
    this.values = 0;
    log.warn({ code: error.code, device: this.device, next: error.next }, error.message);
    this.notice({ kind: 'data-gap', active: true, error, observed, limit: 0, unit: '' });
    this.timer?.cancel();
    this.timer = clock.after(quietMs, () => this.lookBack());
  }

  /** A minute after it was last spoken: there was more, or it is over. */
  private lookBack(): void {
    if (this.messages + this.values > 0) this.say();
    else this.notice({ kind: 'data-gap', active: false });
  }
}
