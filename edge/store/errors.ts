import { defineErrors } from '../core/errors.ts';

export const storeErrors = defineErrors('STORE', {
  'IN-USE': {
    cause: 'Another gateway process works on the same data folder and holds its journal.',
    retry: true,
    next: 'Stop the other process, or give this one its own folder with --data.',
  },
  NEWER: {
    cause: 'The data folder was written by a newer version of Lifeline.',
    retry: false,
    next: 'Run that version or a newer one, or restore a backup made with this version.',
  },
  OPEN: {
    cause: 'The data folder cannot be created or written.',
    retry: true,
    next: 'Check the path, owner and free space of the data folder.',
  },
  'SET-ASIDE': {
    cause: 'A database in the data folder is damaged or belongs to something else; it was kept beside a new one.',
    retry: false,
    next: 'Keep the .broken file for analysis, check the disk (smartctl, dmesg), and delete it when no longer needed.',
  },
  'RECORD-DAMAGED': {
    cause: 'A stored record does not match its checksum; it was skipped.',
    retry: false,
    next: 'Check the disk (smartctl, dmesg) and compare with the centre, which may have received the record earlier.',
  },
  'JOURNAL-WRITE': {
    cause: 'The disk did not take the record, so it is neither acknowledged nor sent.',
    retry: true,
    next: 'Free space on the data folder or replace the disk; the next record is tried afresh.',
  },
  'JOURNAL-READ': {
    cause: 'The journal cannot be read.',
    retry: true,
    next: 'Check the disk of the data folder (smartctl, dmesg).',
  },
  'JOURNAL-FULL': {
    cause: 'More records wait for the disk than the limit allows.',
    retry: true,
    next: 'Look for a slow or failing disk under the data folder.',
  },
  'HISTORY-WRITE': {
    cause: 'The disk did not take telemetry; it is kept in memory up to a limit and tried again.',
    retry: true,
    next: 'Free space on the data folder or replace the disk.',
  },
  'HISTORY-BEHIND': {
    cause: 'The disk takes telemetry more slowly than it comes; what waited longest was given up and counted.',
    retry: true,
    next: 'Put the data folder on a faster disk, or read fewer points or less often.',
  },
  BUSY: {
    cause: 'A database is written to so much that no moment was found in which it stood still for a copy.',
    retry: true,
    next: 'Try again when less is written, or stop the gateway for the time of the copy.',
  },
  ARCHIVE: {
    cause: 'The archive is damaged, or was not made by `lifeline backup`.',
    retry: false,
    next: 'Fetch the file again from where it is kept, or take another backup.',
  },
  AUDIT: {
    cause: 'The disk did not take an entry of the audit log.',
    retry: true,
    next: 'Free space on the data folder or replace the disk; what was done stands, and is in the log of the gateway.',
  },
  CLOSED: {
    cause: 'The store was closed before the request came.',
    retry: false,
    next: 'Nothing: this happens while the gateway stops.',
  },
});
