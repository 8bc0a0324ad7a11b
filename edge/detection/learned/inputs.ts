import type { Asset } from '../../core/asset.ts';
import type { LifelineError } from '../../core/errors.ts';
import type { TagTable } from '../../core/tag.ts';
import { factorBetween } from '../../core/units.ts';
import { modelErrors } from '../errors.ts';
import { calendarAt, type SiteManifest } from './site-manifest.ts';

/** Where an input of a model comes from. */
export type Source =
  | { readonly calendar: 0 | 1 }
  | { readonly tag: number; readonly factor: number; readonly lag: number };

/**
 * Joins a model's inputs with the tags of an asset, converting units; or says by code why they do not fit: a model of another
 * asset or kind, a role that is not mapped, a unit of another quantity.
 */
export function bindInputs(
  manifest: SiteManifest,
  asset: Pick<Asset, 'id' | 'type' | 'roles'>,
  tags: TagTable,
): readonly Source[] | LifelineError {
  const { id, version, assetType } = manifest;
  const fit = `fit model ${id} version ${version} to ${asset.id}`;
  if (assetType !== asset.type || (manifest.asset !== undefined && manifest.asset !== asset.id)) {
    const other = manifest.asset === undefined ? '' : ` "${manifest.asset}"`;
    return modelErrors.create('KIND', `${fit}: it is for ${assetType}${other}, this is ${asset.type}`);
  }
  const sources: Source[] = [];
  for (const { name, role, unit, lag } of manifest.inputs) {
    if (role === '') {
      sources.push({ calendar: name === 'hour' ? 0 : 1 });
      continue;
    }
    const tag = asset.roles[role];
    if (tag === undefined)
      return modelErrors.create('ROLE', `${fit}: input "${name}" needs role "${role}", which has no tag`);
    const own = tags.at(tag);
    const factor = own.unit === unit ? 1 : factorBetween(own.unit, unit);
    if (factor === undefined || isTemperature(own.unit, unit)) {
      const units = `in "${unit}", tag ${own.name} is in "${own.unit}"`;
      return modelErrors.create('UNIT', `${fit}: role "${role}" is wanted ${units}`);
    }
    sources.push({ tag, factor, lag });
  }
  return sources;
}

/** Scales of temperature differ by more than a factor. */
const isTemperature = (own: string, wanted: string): boolean =>
  own !== wanted && [own, wanted].some((unit) => /^(K|Cel|℃|°C)$/.test(unit));

/** What earlier steps looked like, newest first, as far back as a model asks. */
export class RecentSteps {
  private readonly depth: number;
  private readonly sources: readonly Source[];
  private steps: Float64Array[] = [];

  constructor(sources: readonly Source[]) {
    this.sources = sources;
    this.depth = 1 + Math.max(0, ...sources.map((source) => ('lag' in source ? source.lag : 0)));
  }

  /** Takes what the inputs' tags say at a step; NaN for what is not known. */
  take(read: (tag: number) => number): void {
    const values = Float64Array.from(this.sources, (source) =>
      'tag' in source ? read(source.tag) * source.factor : Number.NaN,
    );
    this.steps = [values, ...this.steps].slice(0, this.depth);
  }

  /** What is remembered, newest first, as plain data. */
  get remembered(): readonly (readonly number[])[] {
    return this.steps.map((values) => [...values]);
  }

  /** Goes on with what was remembered, where it is of as many inputs; what is no number is not known. */
  recall(kept: readonly (readonly unknown[])[]): void {
    if (kept.length > this.depth || kept.some(({ length }) => length !== this.sources.length)) return;
    this.steps = kept.map((values) =>
      Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN)),
    );
  }

  /** After a gap nothing before it is neighbour to what follows. */
  forget(): void {
    this.steps = [];
  }

  /** The row of the newest step; undefined while something of it is missing. */
  row(timeMs: number, utcOffsetMinutes: number): Float32Array | undefined {
    const calendar = calendarAt(timeMs, utcOffsetMinutes);
    const row = Float32Array.from(this.sources, (source, at) =>
      'calendar' in source ? calendar[source.calendar] : (this.steps[source.lag]?.[at] ?? Number.NaN),
    );
    return row.every(Number.isFinite) ? row : undefined;
  }
}
