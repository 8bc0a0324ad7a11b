import { defineErrors } from '../../core/errors.ts';

/** What keeps history from being learnt from, and assets from having what is learnt. */
export const pastErrors = defineErrors('PAST', {
  READ: {
    cause: 'The file or data folder with the history cannot be read.',
    retry: false,
    next: 'Check the path; a gateway keeps its history in the folder given by --data.',
  },
  EMPTY: {
    cause: 'There is no history in the place that was named.',
    retry: false,
    next: 'Let the gateway run for some days first, or bring an export of the SCADA system as a CSV file.',
  },
  TIME: {
    cause: 'The rows of the file have no times of day, so that they cannot be laid beside a clock.',
    retry: false,
    next: 'Export with a column of dates and times, or name it with --time.',
  },
  COLUMNS: {
    cause: 'No column of the file has the name of a point that an asset uses.',
    retry: false,
    next: 'Name the columns device/point as in the configuration, or by the point alone where only one device has it.',
  },
  ASSET: {
    cause: 'An asset of this name is not in the configuration.',
    retry: false,
    next: 'Use the suggested name, or map the asset first.',
  },
  INPUTS: {
    cause: 'Fewer than two signals of the asset have a history that moves.',
    retry: false,
    next: 'Map more roles of the asset; its limits and data quality are watched without a model.',
  },
  ROWS: {
    cause: 'There are too few moments at which all signals of the asset have a value.',
    retry: false,
    next: 'Bring a longer history, or one without the signal that is mostly missing.',
  },
  BLIND: {
    cause: 'Normal operation of the asset is so varied that a limit above all of it would let any fault pass.',
    retry: false,
    next: 'Exclude stretches that were no normal operation; otherwise its limits and physics watch it better than this model.',
  },
  COARSE: {
    cause:
      'The history has fewer values than the gateway polls, so that it does not tell what happens from poll to poll.',
    retry: false,
    next: 'Calibrate again from the history that the gateway itself has written down after some days.',
  },
  RESIDUAL: {
    cause:
      'The history does not tell what a value follows from: less than a day of whole minutes, or a rest too restless to be limited.',
    retry: false,
    next: 'Bring a longer history, or exclude what was no normal operation; until then this claim is not made of this asset.',
  },
  DRIFT: {
    cause:
      'What a value is expected to be has moved the way of a fault, by more than the detector allows: a slow leak would look like this.',
    retry: false,
    next: 'Look for the fault first. If the plant was changed, calibrate again with --accept-drift; until then the claim is made as before.',
  },
  ROLE: {
    cause: 'A detector of the pack needs a role that the asset has no tag for.',
    retry: false,
    next: 'Map a tag to the role; until then this claim is not made of this asset.',
  },
  NETWORK: {
    cause: 'Places of leaks were asked for, and the configuration names no network to work them out from.',
    retry: false,
    next: 'Name its file and its gauges under `networks` of gateway.yaml.',
  },
  WRITE: {
    cause: 'What was learnt cannot be written.',
    retry: false,
    next: 'Check owner and free space of the folder; nothing half written is left there.',
  },
});
