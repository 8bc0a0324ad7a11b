import { z } from 'zod';

const sensor = z.object({
  asset: z.string(),
  role: z.string(),
  /** Pressures are in kPa, flows in L/s, of gas at normal conditions. */
  quantity: z.enum(['pressure', 'flow']),
  /** 1 for a flow that counts into its asset, −1 for one that leaves it; 0 for a pressure. */
  into: z.union([z.literal(1), z.literal(-1), z.literal(0)]),
  /** What it shows at mean demand. */
  usual: z.number(),
});
export type MatrixSensor = z.infer<typeof sensor>;

const candidate = z.object({
  id: z.string(),
  /** Longitude and latitude; null where the network is not surveyed. */
  location: z.tuple([z.number(), z.number()]).nullable(),
  /** Half the pipes that end there, m: the prior, since mains break by the length. */
  lengthM: z.number().min(0),
  /** Asset into which the water of a leak there flows; null on a trunk that nobody meters. */
  asset: z.string().nullable(),
});
export type Candidate = z.infer<typeof candidate>;

/**
 * What leaks would change at the sensors, as the hydraulic model of a network has it: for each load, leak and candidate
 * a row with the change at each sensor. `changes` is base64 of signed 16-bit integers, low byte first, in units of its
 * sensor's resolution; the sensor counts fastest, then candidate, leak, load.
 */
export const matrixSchema = z.object({
  schema: z.literal('lifeline-place/1'),
  /** Network that it was made from, for people. */
  network: z.string(),
  sensors: z.array(sensor).min(1),
  /** Demand as multiples of its mean, growing. */
  loads: z.array(z.number().positive()).min(1),
  /** Sizes of leaks, L/s at 30 m of head, growing. */
  leaksLs: z.array(z.number().positive()).min(1),
  /** Demand moves its pressures by so much within two minutes, kPa. */
  driftKpa: z.number().positive(),
  /** Standard deviation of what it says of a change, as a share of the change. */
  modelError: z.number().positive(),
  candidates: z.array(candidate).min(1),
  /** Of each sensor, kPa or L/s. */
  resolutions: z.array(z.number().positive()),
  changes: z.base64(),
});
export type PlaceMatrix = z.infer<typeof matrixSchema>;

const largestInteger = 32_767;

/** Packs rows of changes at so many sensors, in kPa and L/s, into the matrix's own form. */
export function packChanges(changes: Float64Array, sensors: number): Pick<PlaceMatrix, 'resolutions' | 'changes'> {
  const resolutions = Array.from({ length: sensors }, (_, sensor) => {
    let largest = 0;
    for (let at = sensor; at < changes.length; at += sensors)
      largest = Math.max(largest, Math.abs(changes[at] as number));
    return Number((largest / largestInteger || 1).toPrecision(6));
  });
  const bytes = Buffer.alloc(2 * changes.length);
  const bounded = (value: number) => Math.max(-largestInteger, Math.min(largestInteger, Math.round(value)));
  for (const [index, change] of changes.entries())
    bytes.writeInt16LE(bounded(change / (resolutions[index % sensors] as number)), 2 * index);
  return { resolutions, changes: bytes.toString('base64') };
}

/** The changes in kPa and L/s, laid out as in the matrix. Throws RangeError when their number is not what the matrix says. */
export function unpackChanges({
  loads,
  leaksLs,
  candidates,
  sensors,
  resolutions,
  changes,
}: PlaceMatrix): Float32Array {
  const bytes = Buffer.from(changes, 'base64');
  const count = loads.length * leaksLs.length * candidates.length * sensors.length;
  if (bytes.length !== 2 * count || resolutions.length !== sensors.length) {
    throw new RangeError(`place matrix has ${bytes.length / 2} changes where its axes ask for ${count}`);
  }
  return Float32Array.from(
    { length: count },
    (_, index) => bytes.readInt16LE(2 * index) * (resolutions[index % sensors.length] as number),
  );
}
