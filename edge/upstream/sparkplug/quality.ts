import { isBad, isGood, Quality, qualityName } from '../../core/quality.ts';
import { Datatype } from './datatype.ts';
import type { PropertySet } from './payload.ts';

/** The only values of the property `Quality` (tck-id-payloads-propertyset-quality-value-value). */
const told = { bad: 0, good: 192, stale: 500 } as const;

/**
 * Quality as hosts know it. They have no "uncertain": a value that Lifeline doubts is sent as it is, as bad, and the
 * property `qualityReason` says why.
 */
function toldQuality(code: number): number {
  if (isGood(code)) return told.good;
  return code === Quality.stale || code === Quality.comm || code === Quality.notConnected ? told.stale : told.bad;
}

/** Whether a value goes with the quality: none does with a bad one. */
export const hasValue = (code: number): boolean => !isBad(code);

const known = new Map<number, PropertySet>();

/** The properties that say a quality; the same object for the same code. */
export function qualityProperties(code: number): PropertySet {
  const made = known.get(code);
  if (made) return made;
  const properties: PropertySet = {
    keys: ['Quality', 'qualityReason'],
    values: [
      { type: Datatype.int32, intValue: toldQuality(code) },
      { type: Datatype.string, stringValue: qualityName(code) },
    ],
  };
  known.set(code, properties);
  return properties;
}
