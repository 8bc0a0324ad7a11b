import { defineShownErrors } from '../core/errors.ts';

export const manualErrors = defineShownErrors('MANUAL', {
  TAG: {
    cause: 'There is no such tag, or it holds texts or times.',
    retry: false,
    next: 'Write the tag as device/point, as in the point table.',
    nextZh: '请按点表写成“设备/点名”。',
  },
  SAFETY: {
    cause: 'A safety limit reads this tag: a value put there by hand would hide gas, smoke, oxygen or water.',
    retry: false,
    next: 'Mend or replace the instrument; until then measure on site with a portable one.',
    nextZh: '请修复或更换仪表；其间用便携仪表在现场测量。',
  },
  RANGE: {
    cause: 'The value lies outside the plausible range of the tag, or a simulated one is no number.',
    retry: false,
    next: 'Give it in the unit of the point table.',
    nextZh: '请按点表的单位给出数值。',
  },
  TIME: {
    cause: 'The value was to hold for no time, or for longer than a week.',
    retry: false,
    next: 'Let it hold until the instrument is mended, a week at most, and set it again when that takes longer.',
    nextZh: '保持到仪表修复为止，最长一周；需要更久时重新设置。',
  },
  'TEST-TIME': {
    cause: 'A value was to be simulated for no time, or for longer than half an hour.',
    retry: false,
    next: 'A loop is tested under the eyes of the one who tests it: simulate for 30 minutes at most, and again where that takes longer.',
    nextZh: '回路试验须有人在场：每次仿真最长 30 分钟，需要更久时重新开始。',
  },
  MASKS: {
    cause:
      'A safety limit of another value rests on this tag: simulating it could hide gas, smoke, oxygen or water there.',
    retry: false,
    next: 'Simulate the value that the safety limit itself reads.',
    nextZh: '请在安全限值直接读取的测点上仿真。',
  },
  DANGER: {
    cause: 'The measured value is beyond a safety limit now.',
    retry: true,
    next: 'Deal with the alarm; test the loop when the danger is over.',
    nextZh: '请先处置报警，危险解除后再试验回路。',
  },
  MANY: {
    cause: 'So many values are set by hand that the picture is not that of the plant any more.',
    retry: false,
    next: 'Take back those whose instruments work again.',
    nextZh: '请收回仪表已恢复的置数。',
  },
});
