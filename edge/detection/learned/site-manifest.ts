import { z } from 'zod';
import { isFreeDay } from '../calibration.ts';
import { checkManifest, manifestInput, manifestSchema } from '../manifest.ts';
import { operatingModes } from './operating-modes.ts';

/** Names of inputs that come from the calendar: local hour 0..24 with its fraction, 1 on Saturdays and Sundays. */
export const calendarInputs = ['hour', 'free-day'] as const;

const siteInput = manifestInput.extend({
  /** How many steps ago the value was; 0 for the newest. */
  lag: z.number().int().min(0).max(60).default(0),
});

const siteManifest = manifestSchema.extend({
  schema: z.literal('lifeline-model/1'),
  inputs: z.array(siteInput).min(1),
  /** Kind of asset that it understands, such as `water.district`. */
  assetType: z.string().min(1),
  /** The one asset that it was trained on; any of the kind when left out. */
  asset: z.string().optional(),
  /** Rises with every version: an older model in the place of a newer one is a downgrade. */
  counter: z.number().int().min(1),
  /** Between two rows, s. A row has the newest value of each role at a whole multiple of it. */
  stepS: z.number().int().min(1).max(3600),
  /** Minutes that local time is ahead of UTC, for the calendar. */
  utcOffsetMinutes: z.number().int(),
  /** Weight λ of the newest output in the exponentially weighted mean that is held against the limit (Roberts 1959). */
  smoothing: z.number().gt(0).max(1),
  /** Output [n, roles] that says what each role has to do with it, in the order of `contributors`. */
  contributionsName: z.string().optional(),
  contributors: z.array(z.string()).default([]),
  /** Modes that it was trained in; any other is out of model. Left out by models that know no modes. */
  modes: operatingModes.optional(),
  /** Held-out outputs by which drift of the output is watched: inner bounds of ten equally filled bins. */
  outputDeciles: z.array(z.number()).length(9).optional(),
  signature: z.object({ key: z.string(), value: z.string() }).optional(),
});
/** What is known of a model that was trained on site or brought: `manifest.json` beside its file. */
export type SiteManifest = z.infer<typeof siteManifest>;

/** Checks the text of a manifest. Throws a plain error naming the first wrong path. */
export function parseSiteManifest(text: string): SiteManifest {
  const found = checkManifest(siteManifest as z.ZodType<SiteManifest>, text);
  const strange = found.inputs.find(({ role, name }) => role === '' && !calendarInputs.some((known) => known === name));
  if (strange) throw new Error(`inputs: "${strange.name}" has no role and is none of ${calendarInputs.join(', ')}`);
  const stateless = found.modes?.roles.find((role) => !found.inputs.some((input) => input.role === role));
  if (stateless !== undefined) throw new Error(`modes: role "${stateless}" is no input`);
  return found;
}

/** Values of `calendarInputs` at a moment, ms since epoch. */
export function calendarAt(timeMs: number, utcOffsetMinutes: number): readonly [hour: number, freeDay: number] {
  const localMinutes = timeMs / 60_000 + utcOffsetMinutes;
  return [(((localMinutes / 60) % 24) + 24) % 24, isFreeDay(localMinutes) ? 1 : 0];
}

/** The manifest as a file: short arrays and objects on one line. */
export const manifestText = (manifest: SiteManifest): string =>
  `${JSON.stringify(manifest, null, 1).replaceAll(/\n {3,}/g, ' ')}\n`;
