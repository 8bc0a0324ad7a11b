import type { Timer } from '../../edge/core/clock.ts';
import { both } from '../../edge/core/text.ts';
import type { DeviceDefinition, DriverHost, DriverSession, SessionEvents } from '../api.ts';
import { modbusErrors } from './errors.ts';
import type { TcpEndpoint } from './place.ts';
import type { Registration } from './registration.ts';
import { TerminalPort } from './terminal-port.ts';

/** After a start of the gateway terminals need a while to notice that they must dial in again. */
const firstReportMs = 3000;
const reportEveryMs = 10_000;

export interface TerminalDevice {
  readonly device: DeviceDefinition;
  readonly endpoint: TcpEndpoint;
  readonly registration: Registration;
  /** For messages: `pump-7 (0.0.0.0:5020 terminal 8612 unit 3)`. */
  readonly target: string;
  readonly events: SessionEvents;
  readonly host: DriverHost;
  readonly signal: AbortSignal;
}

/**
 * Waits until the terminal that a device is behind has dialled in, then connects. The port stays open over failed attempts
 * until the device is no longer wanted, since a terminal dials when it likes. Rejects with `LL-MODBUS-LISTEN`, with
 * `LL-MODBUS-TERMINAL` when the signal aborts before, and as `connect` does.
 */
export async function behindTerminal(
  { device, endpoint, registration, target, events, host, signal }: TerminalDevice,
  connect: () => Promise<DriverSession>,
): Promise<DriverSession> {
  const { clock, log, stopping } = host;
  const port = TerminalPort.of(endpoint, clock, log);
  const release = () => port.release(device.id);
  const letGo = async () => {
    if (!stopping || stopping.aborted) await release();
  };
  if (port.hold(device.id, registration)) stopping?.addEventListener('abort', release, { once: true });
  const missing = () => {
    const others = port.strangers.describe();
    const text = both(
      `connect to ${target}: no terminal has registered as "${registration.id}" on ${port.at}; ${others.en}`,
      `连接 ${target}：没有终端在 ${port.at} 注册为“${registration.id}”；${others.zh}`,
    );
    return modbusErrors.create('TERMINAL', text);
  };
  let timer: Timer | undefined;
  const report = () => {
    events.waiting?.(missing());
    timer = clock.after(reportEveryMs, report);
  };
  timer = clock.after(firstReportMs, report);
  try {
    await port.arrival(registration.id, signal);
    timer.cancel();
    if (signal.aborted) throw missing();
    const session = await connect();
    return {
      ...session,
      async close() {
        await session.close();
        await letGo();
      },
    };
  } catch (error) {
    timer?.cancel();
    await letGo();
    throw error;
  }
}
