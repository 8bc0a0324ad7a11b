import { defineErrors } from '../core/errors.ts';

export const alarmErrors = defineErrors('ALARM', {
  'OUTBOX-FULL': {
    cause: 'The journal has refused events for so long that the memory set aside for them is full.',
    retry: true,
    next: 'Free disk space or mend the disk under the data folder; alarms stay visible in the console meanwhile.',
  },
  'SHELVE-STATE': {
    cause: 'Only an alarm that stands in the list and has not latched can be shelved.',
    retry: false,
    next: 'Reset an alarm that has latched; what is normal, suppressed or out of service needs no shelving.',
  },
  'SHELVE-SAFETY': {
    cause: 'An alarm of the safety class can be shelved only once it is acknowledged, and while its condition stands.',
    retry: false,
    next: 'Acknowledge it first; the next time that the condition comes it is shown again.',
  },
  'SHELVE-TIME': {
    cause: 'An alarm was to be shelved for no time, or for longer than a shift.',
    retry: false,
    next: 'Shelve it for eight hours at most; what disturbs for longer wants a maintenance tag or another limit.',
  },
  'SHELVE-MANY': {
    cause: 'So many alarms are shelved that nobody looks at them any more.',
    retry: false,
    next: 'Bring some back, and have their causes mended or their limits reviewed.',
  },
  'TAG-TIME': {
    cause: 'A maintenance tag was to hang for no time, or for longer than 30 days.',
    retry: false,
    next: 'Hang it for as long as the work takes, 30 days at most, and renew it when it takes longer.',
  },
  'TAG-MANY': {
    cause: 'So many maintenance tags hang that nobody has the overview.',
    retry: false,
    next: 'Take off those whose work is done.',
  },
  'INCIDENT-SAFETY': {
    cause: 'An incident was to be closed while an alarm of the safety class in it stands.',
    retry: true,
    next: 'Close it once the danger is over and its alarm has cleared; note what is done meanwhile.',
  },
});
