import { defineErrors } from '../../edge/core/errors.ts';

export const examErrors = defineErrors('EXAM', {
  REQUIRE: {
    cause: 'A requirement is not written as a figure, a comparison and a number, or names a figure that there is not.',
    retry: false,
    next: "Write for example --require 'recall>=0.95,falsePerAssetWeek<=0.1,water.timeToDetectS.median<=60'.",
  },
  NOTHING: {
    cause: 'The chosen suite, utilities and city leave no kind of happening to play.',
    retry: false,
    next: 'Choose another suite or more utilities, or a city that declares such kinds.',
  },
});
