import { defineErrors } from '../../core/errors.ts';

export const recordErrors = defineErrors('RECORD', {
  FOLDER: {
    cause: 'The folder for a recording or a golden test holds something already, or cannot be made.',
    retry: false,
    next: 'Name a folder that does not exist yet; nothing is overwritten.',
  },
  DISK: {
    cause: 'The disk refuses what is recorded; the recording ends, and what was written is readable.',
    retry: false,
    next: 'Make room on the disk, or record to another one.',
  },
});
