import type { ClientSession } from 'node-opcua';
import type { Timer } from '../../edge/core/clock.ts';
import { both, type Text } from '../../edge/core/text.ts';
import type { DeviceNotice, DriverHost } from '../api.ts';
import { opcuaErrors } from './errors.ts';
import { within } from './patience.ts';
import type { OpcuaStack } from './stack.ts';

/** A server whose clock is further off than this is spoken of, and again when it has come back to half of it. */
const clockLimitMs = 5000;

export interface LivenessOptions {
  readonly device: string;
  readonly target: string;
  /** Pause between two questions. */
  readonly everyMs: number;
  /** How long an answer may take. */
  readonly patienceMs: number;
  lost(what: Text): void;
  notice(notice: DeviceNotice): void;
  /** The server's clock minus ours, after each answer, ms. */
  clockDiffers(byMs: number): void;
}

/**
 * Asks a server for its time in short intervals: a sign of life that the stack's own channel does not give, and the
 * difference of the two clocks. Returns what stops it.
 */
export function watchLiveness(
  stack: OpcuaStack,
  session: ClientSession,
  host: DriverHost,
  { device, target, everyMs, patienceMs, lost, notice, clockDiffers }: LivenessOptions,
): () => void {
  const { clock, log } = host;
  const nodeId = stack.resolveNodeId(`i=${stack.VariableIds.Server_ServerStatus_CurrentTime}`);
  let off = false;
  let stopped = false;
  let timer: Timer = clock.after(0, ask);

  function ask() {
    const askedMs = clock.wallMs();
    within(patienceMs, host, undefined, () => session.read({ nodeId, attributeId: stack.AttributeIds.Value }))
      .then((data) => {
        const told: unknown = data.value.value;
        if (told instanceof Date) compare(told.getTime() - (askedMs + clock.wallMs()) / 2);
        if (!stopped) timer = clock.after(everyMs, ask);
      })
      .catch(() => {
        if (!stopped)
          lost(
            both(
              `no sign of life from the server in ${patienceMs} ms when asked`,
              `询问服务器，${patienceMs} ms 内无应答`,
            ),
          );
      });
  }

  function compare(differenceMs: number) {
    clockDiffers(differenceMs);
    const size = Math.abs(differenceMs);
    if (off ? size > clockLimitMs / 2 : size <= clockLimitMs) return;
    off = !off;
    if (!off) {
      log.info({ device }, `clock of ${target} agrees with ours again`);
      return notice({ kind: 'clock-off', active: false });
    }
    const [sizeS, ahead] = [(size / 1000).toFixed(1), differenceMs > 0];
    const text = both(
      `clock of ${target} is ${sizeS} s ${ahead ? 'ahead of' : 'behind'} ours`,
      `${target} 的时钟比本机${ahead ? '快' : '慢'} ${sizeS} s`,
    );
    const error = opcuaErrors.create('CLOCK', text);
    log.warn({ code: error.code, device, next: error.next, differenceMs: Math.round(differenceMs) }, error.message);
    notice({ kind: 'clock-off', active: true, error, observed: size / 1000, limit: clockLimitMs / 1000, unit: 's' });
  }

  return () => {
    stopped = true;
    timer.cancel();
  };
}
