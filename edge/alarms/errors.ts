import { defineErrors } from '../core/errors.ts';

export const alarmErrors = defineErrors('ALARM', {
  'OUTBOX-FULL': {
    cause: 'The journal has refused events for so long that the memory set aside for them is full.',
    retry: true,
    next: 'Free disk space or mend the disk under the data folder; alarms stay visible in the console meanwhile.',
  },
});
