/** Exit codes of every command. */
export const ExitCode = { done: 0, failed: 1, usage: 2, configInvalid: 3, unreachable: 4 } as const;
