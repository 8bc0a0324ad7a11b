import { defineErrors, defineShownErrors } from '../core/errors.ts';

export const detectionErrors = defineErrors('DETECT', {
  CALIBRATION: {
    cause: 'The calibration file is missing, cannot be read, or has another schema.',
    retry: false,
    next: 'Make it again with lifeline calibrate; until then only fixed limits and wire quality are watched.',
  },
  UNCALIBRATED: {
    cause: 'The pack asks for a detector on an asset that the calibration does not know.',
    retry: false,
    next: 'Run lifeline calibrate on history of this asset; its other detectors go on.',
  },
  PLACE: {
    cause:
      'The calibration has a place matrix of a network with gauges that this configuration does not have, or it is not whole.',
    retry: false,
    next: 'Make it again with lifeline calibrate; until then places are told by the gauge that loses most.',
  },
  'PLACE-OUTDATED': {
    cause: 'A network file of the configuration is not the one that the place matrix of the calibration was made from.',
    retry: false,
    next: 'Make it again with lifeline calibrate --only-places; until then places are told by the gauge that loses most.',
  },
  BUDGET: {
    cause:
      'The alarm budget of the configuration is not one that the held-out time of the calibration can tell limits for.',
    retry: false,
    next: 'See which budgets lifeline calibrate names, or calibrate on a longer history.',
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
  KIND: {
    cause: 'The model was made for another kind of asset, or for another asset.',
    retry: false,
    next: 'Put it in the folder of the asset it is for, or train one for this asset.',
  },
  ROLE: {
    cause: 'The model needs a role that the asset has no tag for.',
    retry: false,
    next: 'Map a tag to the role, or train a model without it.',
  },
  UNIT: {
    cause: 'The model wants a role in a unit that the unit of its tag cannot be turned into.',
    retry: false,
    next: 'Scale the point to the unit of the manifest, or correct the manifest.',
  },
  UNSIGNED: {
    cause: 'The manifest has no signature, and the configuration asks for one.',
    retry: false,
    next: 'Sign it by lifeline models sign; or set detection.allowUnsigned where models cannot be brought by others.',
  },
  SIGNATURE: {
    cause: 'The signature is that of another manifest, or made with a key that is not trusted.',
    retry: false,
    next: 'Take the model from where it was signed; trust its key by detection.trustedKeys only if you know whose it is.',
  },
  STATE: {
    cause: 'The file that says which models are in use cannot be read or written.',
    retry: true,
    next: 'Restore state.json of the models folder; until then the models in use stay as they are.',
  },
  OPERATOR: {
    cause:
      'The file uses operators that are not run here: of other domains, with loops, with chance, or with data in other files.',
    retry: false,
    next: 'Export it with standard operators only (opset 7 or later, ai.onnx.ml), all weights inside the file.',
  },
  SHAPE: {
    cause: 'Inputs or outputs of the file are not those of its manifest.',
    retry: false,
    next: 'One float input [n, inputs], one float output [n] or [n, 1]; correct the manifest or export again.',
  },
});

/** About what people do with models that are kept. */
export const shelfErrors = defineShownErrors('MODEL', {
  VERSION: {
    cause: 'There is no such version of a model for this asset.',
    retry: false,
    next: 'See lifeline models list; lifeline train makes one, or put manifest.json and file in <models>/<asset>/<number>.',
    nextZh:
      '请见 lifeline models list；可用 lifeline train 训练，或把 manifest.json 和文件放入 <models>/<资产>/<版本号>。',
  },
  DOWNGRADE: {
    cause: 'A model with a higher counter has decided before.',
    retry: false,
    next: 'Go back by lifeline models rollback, or train a new version.',
    nextZh: '请用 lifeline models rollback 回退，或训练新版本。',
  },
  UNPROVEN: {
    cause: 'What the model did in shadow does not speak for letting it decide.',
    retry: false,
    next: 'Leave it in shadow longer, train on more history, or promote it with --force.',
    nextZh: '请继续影子运行，用更多历史训练，或用 --force 启用。',
  },
});
