import { z } from 'zod';

const number = z.number().finite();

/** One column of the model's input, in order. */
const input = z.object({
  name: z.string(),
  /** Role of the asset that it is made from; empty for the calendar. */
  role: z.string(),
  unit: z.string(),
  /** Trained range; only given for inputs that describe the operating condition, not the event looked for. */
  envelope: z.object({ min: number, max: number }).optional(),
});

const manifest = z.object({
  id: z.string(),
  version: z.string(),
  kind: z.string(),
  file: z.string().regex(/^[\w.-]+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  operatorSet: z.number().int(),
  inputName: z.string(),
  outputName: z.string(),
  inputs: z.array(input).min(1),
  /** Output at which the score is 0.5: a conformal quantile of held-out normal operation × a stated margin. */
  limit: z.object({ value: z.number().positive(), alpha: number, margin: number }),
  training: z.record(z.string(), z.unknown()),
  heldOut: z.record(z.string(), z.unknown()),
  parity: z.array(z.object({ input: z.array(number), output: number })).min(1),
});
/** What is known of a model file: `<name>.manifest.json` beside it. */
export type Manifest = z.infer<typeof manifest>;

/** Checks the text of a manifest. Throws a plain error naming the first wrong path. */
export function parseManifest(text: string): Manifest {
  const result = manifest.safeParse(JSON.parse(text));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Error(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const width = result.data.inputs.length;
  const odd = result.data.parity.findIndex((vector) => vector.input.length !== width);
  if (odd >= 0) throw new Error(`parity.${odd}: has ${result.data.parity[odd]?.input.length} inputs, not ${width}`);
  return result.data;
}

/** Names of the inputs of one row that lie outside the trained envelope. */
export function outsideEnvelope(of: Manifest, row: ArrayLike<number>): string[] {
  return of.inputs
    .filter(({ envelope }, column) => {
      const value = row[column] ?? Number.NaN;
      return envelope && !(value >= envelope.min && value <= envelope.max);
    })
    .map(({ name }) => name);
}
