import { defineShownErrors } from '../core/errors.ts';

export const alarmErrors = defineShownErrors('ALARM', {
  'OUTBOX-FULL': {
    cause: 'The journal has refused events for so long that the memory set aside for them is full.',
    retry: true,
    next: 'Free disk space or mend the disk under the data folder; alarms stay visible in the console meanwhile.',
    nextZh: '请释放磁盘空间，或修复数据目录所在的磁盘；其间报警仍显示在控制台上。',
  },
  'SHELVE-STATE': {
    cause: 'Only an alarm that stands in the list and has not latched can be shelved.',
    retry: false,
    next: 'Reset an alarm that has latched; what is normal, suppressed or out of service needs no shelving.',
    nextZh: '已锁存的报警请先复位；正常、被抑制或停用的报警无需搁置。',
  },
  'SHELVE-SAFETY': {
    cause: 'An alarm of the safety class can be shelved only once it is acknowledged, and while its condition stands.',
    retry: false,
    next: 'Acknowledge it first; the next time that the condition comes it is shown again.',
    nextZh: '请先确认；条件再次出现时会重新显示。',
  },
  'SHELVE-TIME': {
    cause: 'An alarm was to be shelved for no time, or for longer than a shift.',
    retry: false,
    next: 'Shelve it for eight hours at most; what disturbs for longer wants a maintenance tag or another limit.',
    nextZh: '最多搁置八小时；需要更久的，请挂检修牌或调整限值。',
  },
  'SHELVE-MANY': {
    cause: 'So many alarms are shelved that nobody looks at them any more.',
    retry: false,
    next: 'Bring some back, and have their causes mended or their limits reviewed.',
    nextZh: '请恢复一部分，并消除其原因或复核限值。',
  },
  'TAG-TIME': {
    cause: 'A maintenance tag was to hang for no time, or for longer than 30 days.',
    retry: false,
    next: 'Hang it for as long as the work takes, 30 days at most, and renew it when it takes longer.',
    nextZh: '按检修所需时间挂牌，最长 30 天；需要更久时续挂。',
  },
  'TAG-MANY': {
    cause: 'So many maintenance tags hang that nobody has the overview.',
    retry: false,
    next: 'Take off those whose work is done.',
    nextZh: '请摘下已完工的检修牌。',
  },
  'INCIDENT-SAFETY': {
    cause: 'An incident was to be closed while an alarm of the safety class in it stands.',
    retry: true,
    next: 'Close it once the danger is over and its alarm has cleared; note what is done meanwhile.',
    nextZh: '危险解除、其报警恢复后再关闭；其间的处置请记为备注。',
  },
});
