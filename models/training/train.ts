import { readFile, writeFile } from 'node:fs/promises';
import { parseCalibration } from '../../edge/detection/calibration.ts';
import { fitDistrictModel } from './fit.ts';

/**
 * Makes `models/water/district.onnx` and its manifest from simulated normal operation and the calibration beside the
 * demo. `node models/training/train.ts [FOLDER]`, about two minutes; the same sources give the same bytes.
 */
const here = (path: string) => new URL(path, import.meta.url).pathname;
const folder = process.argv[2] ?? here('../water');

const calibration = parseCalibration(JSON.parse(await readFile(here('../../examples/demo/calibration.json'), 'utf8')));
const plan = { seed: 101, firstTrainSeed: 20_100, firstHeldOutSeed: 30_100, windows: 160, epochs: 12 };
const { onnx, manifest } = await fitDistrictModel(plan, calibration);
await writeFile(`${folder}/${manifest.file}`, onnx);
await writeFile(
  `${folder}/district.manifest.json`,
  `${JSON.stringify(manifest, null, 1).replaceAll(/\n {3,}/g, ' ')}\n`,
);
process.stderr.write(
  `${onnx.length} bytes; limit ${manifest.limit.value}; held out ${JSON.stringify(manifest.heldOut)}\n`,
);
