import { defineErrors } from '../core/errors.ts';

export const manualErrors = defineErrors('MANUAL', {
  TAG: {
    cause: 'There is no such tag, or it holds texts or times.',
    retry: false,
    next: 'Write the tag as device/point, as in the point table.',
  },
  SAFETY: {
    cause: 'A safety limit reads this tag: a value put there by hand would hide gas, smoke, oxygen or water.',
    retry: false,
    next: 'Mend or replace the instrument; until then measure on site with a portable one.',
  },
  RANGE: {
    cause: 'The value lies outside the plausible range of the tag.',
    retry: false,
    next: 'Give it in the unit of the point table.',
  },
  TIME: {
    cause: 'The value was to hold for no time, or for longer than a week.',
    retry: false,
    next: 'Let it hold until the instrument is mended, a week at most, and set it again when that takes longer.',
  },
  MANY: {
    cause: 'So many values are set by hand that the picture is not that of the plant any more.',
    retry: false,
    next: 'Take back those whose instruments work again.',
  },
});
