import { minTimeoutMs } from './options.ts';

/** The stack, loaded when the first device of this protocol is opened. */
export type OpcuaStack = typeof import('node-opcua');

let loading: Promise<OpcuaStack> | undefined;

/** Loads the stack once, with its own log output off: what matters reaches the log as coded errors of this driver. */
export function loadStack(): Promise<OpcuaStack> {
  loading ??= import('node-opcua').then((stack) => {
    const silent = () => undefined;
    stack.setLogLevel(stack.LogLevel.Emergency);
    stack.setWarningLogger(silent);
    stack.setErrorLogger(silent);
    stack.setDebugLogger(silent);
    stack.ClientSecureChannelLayer.minTransactionTimeout = minTimeoutMs;
    containFrames(stack);
    return stack;
  });
  return loading;
}

/** What is touched of the stack's transport, which declares it private. */
interface Transport {
  readonly _socket: { destroy(error: unknown): void } | null;
  _on_socket_data(data: Uint8Array): void;
}

/**
 * The stack throws from its socket handler when a chunk is larger or smaller than agreed, or cannot be decoded, and
 * nothing above would catch it: a faulty server could end the gateway. The connection ends instead.
 */
function containFrames(stack: OpcuaStack): void {
  const transport = stack.TCP_transport.prototype as unknown as Transport;
  const take = transport._on_socket_data;
  transport._on_socket_data = function (this: Transport, data) {
    try {
      take.call(this, data);
    } catch (cause) {
      this._socket?.destroy(cause);
    }
  };
}
