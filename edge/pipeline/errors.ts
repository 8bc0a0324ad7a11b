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
    cause: 'The value lies outside the plausible range of the tag.',
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
  MANY: {
    cause: 'So many values are set by hand that the picture is not that of the plant any more.',
    retry: false,
    next: 'Take back those whose instruments work again.',
    nextZh: '请收回仪表已恢复的置数。',
  },
});
