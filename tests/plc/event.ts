import { expect, vi } from 'vitest';

/** Waits until what is looked at is as it should be; fails with the difference where it does not come to that. */
export const becomes = (look: () => unknown, wanted: unknown): Promise<unknown> =>
  vi.waitFor(() => expect(look()).toEqual(wanted), { timeout: 20_000, interval: 2 });
