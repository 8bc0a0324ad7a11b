import { z } from 'zod';
import type { Beyond } from './out-of-model.ts';

const number = z.number().finite();

/** One column of a model's input, in order. */
export const manifestInput = z.object({
  name: z.string(),
  /** Role of the asset that it is made from; empty for the calendar. */
  role: z.string(),
  unit: z.string(),
  /** Trained range; only given for inputs that describe the operating condition, not the event looked for. */
  envelope: z.object({ min: number, max: number }).optional(),
});

/** What every manifest says. */
export const manifestSchema = z.object({
  id: z.string(),
  version: z.string(),
  kind: z.string(),
  file: z.string().regex(/^[\w.-]+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  operatorSet: z.number().int(),
  inputName: z.string(),
  outputName: z.string(),
  inputs: z.array(manifestInput).min(1),
  /** Output at which the score is 0.5: a conformal quantile of held-out normal operation × a stated margin. */
  limit: z.object({ value: z.number().positive(), alpha: number, margin: number }),
  training: z.record(z.string(), z.unknown()),
  heldOut: z.record(z.string(), z.unknown()),
  parity: z.array(z.object({ input: z.array(number), output: number })).min(1),
});
/** What is known of a model file: `<name>.manifest.json` beside it. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Checks the text of a manifest. Throws a plain error naming the first wrong path. */
export const parseManifest = (text: string): Manifest => checkManifest(manifestSchema, text);

/** Checks the text of a manifest against a schema that may ask for more than the common one. Throws as `parseManifest` does. */
export function checkManifest<Wanted extends Manifest>(schema: z.ZodType<Wanted>, text: string): Wanted {
  const result = schema.safeParse(JSON.parse(text));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Error(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const width = result.data.inputs.length;
  const odd = result.data.parity.findIndex((vector) => vector.input.length !== width);
  if (odd >= 0) throw new Error(`parity.${odd}: has ${result.data.parity[odd]?.input.length} inputs, not ${width}`);
  return result.data;
}

/** The inputs of one row that lie outside the trained envelope. */
export function outsideEnvelope({ inputs }: Manifest, row: ArrayLike<number>): (Beyond & { readonly name: string })[] {
  return inputs.flatMap(({ name, role, envelope }, column) => {
    const value = row[column] ?? Number.NaN;
    if (!envelope || (value >= envelope.min && value <= envelope.max)) return [];
    return [{ name, role, value, low: envelope.min, high: envelope.max }];
  });
}
