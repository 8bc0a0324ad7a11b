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
  MODELS: {
    cause:
      'The folder that the exam is to take learned models from has none: no folder of an asset with a version in it.',
    retry: false,
    next: 'Train them with lifeline train --out DIR, for a gateway whose assets have the same names.',
  },
});
