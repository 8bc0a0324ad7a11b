import { defineErrors } from '../core/errors.ts';

export const evaluateErrors = defineErrors('EVALUATE', {
  READ: {
    cause: 'The file cannot be read, or its text is of a kind that is not.',
    retry: false,
    next: 'Check path and rights; save it as CSV in UTF-8 or GBK.',
  },
  EMPTY: {
    cause: 'The file has no data rows.',
    retry: false,
    next: 'Export it again with at least a header and some rows.',
  },
  SEPARATOR: {
    cause: 'No comma, semicolon, tab or bar parts the rows into columns, and the one column is no number.',
    retry: false,
    next: 'Export with one of these between the columns; spaces part nothing.',
  },
  CELL: {
    cause:
      'Cells hold what is neither a number nor a missing value, such as figures with units, or a row has another number of cells than the header.',
    retry: false,
    next: 'They count as missing; correct the export when there are many.',
  },
  COLUMN: {
    cause: 'A column that was named is not in the file, or two columns have the same name.',
    retry: false,
    next: 'Name columns as the header does.',
  },
  TIME: {
    cause: 'Times cannot be read, stand twice, or go backwards.',
    retry: false,
    next: 'Rows are taken in the order of the file; name another column with --time, or sort the export.',
  },
  TRAIN: {
    cause: 'The training rows are not in the file, too few of them, or empty at the start.',
    retry: false,
    next: 'Give --train a range of rows of normal operation, A:B from 0 and without B, or until=TIME; some hundred at least.',
  },
  NOTHING: {
    cause: 'No column is left that says anything, or constant ones only.',
    retry: false,
    next: 'Look at the columns that were dropped and why.',
  },
  ROLES: {
    cause: 'The file of roles has a role that does not exist, or a column that the data do not have.',
    retry: false,
    next: 'Roles are analogue, set-point, binary, enumerated, counter and ignore.',
  },
  SPOILED: {
    cause: 'Training rows stand out so far from the others that they are taken for anomalies and left out.',
    retry: false,
    next: 'Look at them; choose training rows of normal operation.',
  },
  UNLIKE: {
    cause:
      'Rows after training do not look like the training rows: another season, mode or load, or a plant still warming up.',
    retry: false,
    next: 'Train on rows that cover what is normal; scores out of model tell what departs from where the plant went.',
  },
  MODE: {
    cause:
      'States stand together after training as they never did in it: another way of running the plant, or something run as it should not be.',
    retry: false,
    next: 'These rows are out of model; train on rows that show every way in which the plant is run, or look at what was run.',
  },
  LABEL: {
    cause: 'A column looks like the truth about anomalies, or the label column is not 0 and 1.',
    retry: false,
    next: 'Name it with --label to have the scores compared with it; it is never an input.',
  },
});
