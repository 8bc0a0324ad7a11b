import { writeFile } from 'node:fs/promises';
import type { Calibration } from '../../edge/detection/calibration.ts';
import { alpha, calibrateDistricts, margins } from './calibrate-districts.ts';
import { calibrateTags } from './calibrate-tags.ts';
import { placesOf } from './place/city-places.ts';
import { courseWeeks, operatingWindows, seedsFrom, tagWindows, utcOffsetMinutes } from './plan.ts';

/**
 * Makes `examples/demo/calibration.json`: what normal looks like at the gateway of the simulated city, from seeds that
 * neither the demo nor the evaluation use. `node models/training/calibrate.ts [FILE]`, about four minutes.
 */
const target = process.argv[2] ?? new URL('../../examples/demo/calibration.json', import.meta.url).pathname;

const seeds = { course: 101, heldOut: 131, operating: 10_100, tags: 161 };
/** Enough to see half hours. */
const courseStepS = 300;
const counts = { course: 26, heldOut: 26, operating: 240, tags: 12 };

const tags = await calibrateTags(tagWindows(seedsFrom(seeds.tags, counts.tags)));
process.stderr.write(`${tags.size} tags calibrated\n`);
const districts = await calibrateDistricts(
  courseWeeks(seedsFrom(seeds.course, counts.course)),
  courseWeeks(seedsFrom(seeds.heldOut, counts.heldOut)),
  operatingWindows(seeds.operating, counts.operating),
  courseStepS,
);
process.stderr.write(`${districts.size} districts calibrated\n`);

const calibration: Calibration = {
  schema: 'lifeline-calibration/1',
  made: { by: 'models/training/calibrate.ts', from: 'simulated city, normal operation', seeds, counts, alpha, margins },
  utcOffsetMinutes,
  assets: Object.fromEntries([...districts].map(([id, district]) => [id, { district }])),
  places: [...(await placesOf({}))],
  tags: Object.fromEntries(tags),
};
await writeFile(target, `${JSON.stringify(calibration, null, 1).replaceAll(/\n {4,}/g, ' ')}\n`);
process.stderr.write(`written: ${target}\n`);
