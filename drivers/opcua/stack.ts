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
    return stack;
  });
  return loading;
}
