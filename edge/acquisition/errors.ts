import { defineErrors } from '../core/errors.ts';

export const acquisitionErrors = defineErrors('ACQUISITION', {
  DRIVER: {
    cause: 'A driver failed in a way it does not know; the device is closed and opened again.',
    retry: true,
    next: 'Report it with the log; other devices go on.',
  },
  UNKNOWN: {
    cause: 'A device names a driver that this product does not have.',
    retry: false,
    next: 'Use one of the drivers that `lifeline check` lists.',
  },
});
