import { defineErrors } from '../core/errors.ts';

export const detectionErrors = defineErrors('DETECT', {
  CALIBRATION: {
    cause: 'The calibration file is missing, cannot be read, or has another schema.',
    retry: false,
    next: 'Make it again with `models/training/calibrate.ts`; until then only fixed limits and wire quality are watched.',
  },
  UNCALIBRATED: {
    cause: 'The pack asks for a detector on an asset that the calibration does not know.',
    retry: false,
    next: 'Calibrate with history of this asset; its other detectors go on.',
  },
  OPTIONS: {
    cause: 'The pack names a detector that does not exist, or gives it options that it does not have.',
    retry: false,
    next: 'Correct the `detectors:` entry of the pack.',
  },
});

export const modelErrors = defineErrors('MODEL', {
  MISSING: {
    cause: 'The manifest or the model file is not there or cannot be read.',
    retry: false,
    next: 'Restore the file from the release; physics alone decides until then.',
  },
  MANIFEST: {
    cause: 'The manifest does not have the shape this version reads.',
    retry: false,
    next: 'Install model and manifest of one release together.',
  },
  HASH: {
    cause: 'The model file is not the one its manifest describes: changed, truncated or mixed up.',
    retry: false,
    next: 'Restore the file from the release; physics alone decides until then.',
  },
  LOAD: {
    cause: 'The inference runtime cannot load the model.',
    retry: false,
    next: 'Check that onnxruntime-node supports this machine and the operator set of the manifest.',
  },
  PARITY: {
    cause: 'The model does not give the figures of its manifest on this machine.',
    retry: false,
    next: 'Report machine and model version; physics alone decides until then.',
  },
  OUTPUT: {
    cause: 'The model answered with something that is not a finite number.',
    retry: true,
    next: 'Watch whether it repeats; a model that keeps doing so must be replaced.',
  },
  SLOW: {
    cause: 'The model did not answer before the next scan.',
    retry: true,
    next: 'Check the load of the machine; scans without an answer are decided by physics alone.',
  },
  WORKER: {
    cause: 'The thread that runs the model ended.',
    retry: true,
    next: 'It is started again with growing pauses; physics alone decides meanwhile.',
  },
});
