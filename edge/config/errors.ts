import { defineErrors } from '../core/errors.ts';

export const configErrors = defineErrors('CONFIG', {
  FILE: {
    cause: 'A file that the configuration needs cannot be read.',
    retry: false,
    next: 'Check the path (relative to the file that names it) and its permissions.',
  },
  SYNTAX: { cause: 'The file is not valid YAML 1.2.', retry: false, next: 'Mend the line that is named.' },
  SECRET: {
    cause:
      'The configuration names a secret (`!secret name`) that is found nowhere, or the file of secrets may be read by others.',
    retry: false,
    next: 'Put it as "name: text" into secrets.yaml beside gateway.yaml (chmod 600), or give it by LoadCredential= in the systemd unit.',
  },
  KEY: {
    cause: 'A key is not known at this place.',
    retry: false,
    next: 'Use the suggested key or remove it; the schema lists what is allowed.',
  },
  MISSING: { cause: 'A required key is missing.', retry: false, next: 'Add the key that is named.' },
  VALUE: {
    cause: 'A value has the wrong type or is outside what is allowed.',
    retry: false,
    next: 'Give a value of the stated kind.',
  },
  WRITE: {
    cause: 'The files of the configuration cannot be written, so nothing was changed.',
    retry: true,
    next: 'Give the gateway a folder that it may write to (run -c FILE), as "Set up a gateway in the browser" tells, or change the files by hand.',
  },
  DUPLICATE: { cause: 'Two entries have the same id.', retry: false, next: 'Give each entry an id of its own.' },
  REFERENCE: {
    cause: 'A name points at something that does not exist (tag, asset, pack, role).',
    retry: false,
    next: 'Use the suggested name, or add what is missing.',
  },
  UNIT: {
    cause: 'A tag has another unit than the role it fills expects.',
    retry: false,
    next: 'Scale the point to the unit of the role, or map another tag.',
  },
  GAUGES: {
    cause: 'A network has fewer pressure gauges than a leak can be placed with.',
    retry: false,
    next: 'Name the nodes of two pressures or more under `gauges`; places are the better the more there are in a district.',
  },
});

export const pointErrors = defineErrors('POINTS', {
  HEADER: {
    cause: 'A column of the point table is not known, given twice, or a needed one is missing.',
    retry: false,
    next: 'Use the column names of the reference (Chinese or English).',
  },
  CELL: {
    cause: 'A cell of the point table cannot be understood.',
    retry: false,
    next: 'Correct the cell named by row and column.',
  },
  FORMAT: {
    cause:
      'The file is no point table: damaged, cut off, encrypted, of another format, or in an unknown text encoding.',
    retry: false,
    next: 'Open it in a spreadsheet and save it as .xlsx or as CSV in UTF-8.',
  },
  LIMIT: {
    cause:
      'The point table is larger than what is allowed: bytes, rows, columns, sheets, or what a workbook unpacks to.',
    retry: false,
    next: 'Copy the table alone into a new file, or split it over devices.',
  },
  DUPLICATE: {
    cause: 'Two rows of a point table name the same tag.',
    retry: false,
    next: 'Rename or remove one of the rows.',
  },
  CONFLICT: {
    cause: 'Cells of one row contradict each other, or one needs another that is empty.',
    retry: false,
    next: 'Fill or empty the cell named by row and column.',
  },
});

/** What is wrong with a reviewed master alarm table. */
export const masterErrors = defineErrors('MASTER', {
  HEADER: {
    cause: 'A column of the master alarm table is not known, or a needed one is missing.',
    retry: false,
    next: 'Start from the sheet that lifeline alarms export writes, and keep its header.',
  },
  CELL: {
    cause: 'A cell of the master alarm table cannot be understood.',
    retry: false,
    next: 'Correct the cell named by row and column.',
  },
  UNKNOWN: {
    cause: 'A row of the master alarm table names an alarm that the configuration does not have.',
    retry: false,
    next: 'Use the asset, its type or * and the kind as lifeline alarms export writes them, or remove the row.',
  },
  DUPLICATE: {
    cause: 'Two rows of the master alarm table are about the same alarm.',
    retry: false,
    next: 'Remove one of them.',
  },
  SAFETY: {
    cause: 'A row of the master alarm table lowers the priority of an alarm that concerns safety.',
    retry: false,
    next: 'Leave its priority as the pack has it, or raise it.',
  },
  MATRIX: {
    cause: 'The priority of an alarm is not the one that its risk level and time to respond give.',
    retry: false,
    next: 'Nothing has to be done where the meeting means it so; else correct one of the three.',
  },
});
