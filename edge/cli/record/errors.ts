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
  CONFIG: {
    cause: 'The configuration inside a recording cannot be used.',
    retry: false,
    next: 'Mend gateway.yaml of the recording; `lifeline check` shows all of what is wrong.',
  },
  PORT: {
    cause: 'A port for a recorded PLC is taken, or not allowed.',
    retry: false,
    next: 'Choose another `--base-port`.',
  },
  FRAMES: {
    cause: 'A recording holds no frames of a device, so that its driver cannot be run on them.',
    retry: false,
    next: 'Choose a Modbus device that answered while it was recorded; of OPC UA devices only samples are recorded.',
  },
  CUT: {
    cause: 'The frames of a recording are cut off, or something else stands among them; those before are used.',
    retry: false,
    next: 'Nothing need be done with a recorder that was killed; otherwise take the recording from its source again.',
  },
  DIFFERENT: {
    cause: 'The driver makes other samples of the recorded frames than were recorded with them.',
    retry: false,
    next: 'Look at the place that is named; `--accept` takes what the driver makes of them now as right.',
  },
});
