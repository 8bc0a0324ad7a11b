import { defineShownErrors } from '../core/errors.ts';

export const acquisitionErrors = defineShownErrors('ACQUISITION', {
  DRIVER: {
    cause: 'A driver failed in a way it does not know; the device is closed and opened again.',
    retry: true,
    next: 'Report it with the log; other devices go on.',
    nextZh: '请附上日志反馈此问题；其他设备不受影响。',
  },
  UNKNOWN: {
    cause: 'A device names a driver that this product does not have.',
    retry: false,
    next: 'Use one of the drivers that `lifeline check` lists.',
    nextZh: '请使用 `lifeline check` 所列的驱动。',
  },
});
