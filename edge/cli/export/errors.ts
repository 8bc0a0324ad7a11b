import { defineErrors } from '../../core/errors.ts';

export const exportErrors = defineErrors('EXPORT', {
  'TOO-LARGE': {
    cause: 'A workbook is held in memory until it is written, so its rows are limited.',
    retry: false,
    next: 'Write .csv, which has no limit, or ask for fewer tags, a shorter time or --every 1h.',
  },
  EMPTY: {
    cause: 'There is nothing in the data folder of what was asked for.',
    retry: false,
    next: 'Compare --data with that of lifeline run, and --tags, --from and --to with what the message says is there.',
  },
  TAG: {
    cause: 'No tag of the configuration or of the stored history has this name.',
    retry: false,
    next: 'Write tags as device/point; * stands for anything, as in "dma-2/*".',
  },
});
