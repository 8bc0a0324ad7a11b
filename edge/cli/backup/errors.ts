import { defineErrors } from '../../core/errors.ts';

export const backupErrors = defineErrors('BACKUP', {
  EXISTS: {
    cause: 'There is a file of that name, and a backup never takes the place of another one.',
    retry: false,
    next: 'Give another name, such as one with the date.',
  },
  NOTHING: {
    cause: 'The data folder holds no state of a gateway.',
    retry: false,
    next: 'Name the folder that the gateway is run with: --data DIR.',
  },
  FILE: {
    cause: 'A file of the configuration or the data folder cannot be read, or the backup cannot be written.',
    retry: false,
    next: 'Check that this user may read the files and write where the backup goes, and that there is room for it.',
  },
  FOLDER: {
    cause: 'A backup is restored into a new or empty folder only: nothing that is there may be overwritten.',
    retry: false,
    next: 'Name a folder that does not exist yet; put it in the place of the old one afterwards.',
  },
  CONTENT: {
    cause: 'The archive does not hold what its manifest says, byte for byte; nothing was restored.',
    retry: false,
    next: 'Fetch the file again from where it is kept, or take another backup.',
  },
  NEWER: {
    cause: 'The backup was made by a newer version of Lifeline than this one; nothing was restored.',
    retry: false,
    next: 'Restore it with that version or a newer one.',
  },
});
