import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import type { LifelineError } from '../../core/errors.ts';
import type { Calibration } from '../calibration.ts';
import { detectionErrors } from '../errors.ts';

/** Digits of a hash that people compare. */
const shownDigits = 12;

/** What a calibration says of the files that its matrices come from; nothing where it was made without files. */
const madeFrom = z.object({ networks: z.array(z.object({ network: z.string(), sha256: z.string() })).default([]) });

/**
 * A calibration without the matrices whose network file has changed since: streets and gauges may be elsewhere in it, and
 * a matrix that is wrong places wrongly without showing it. A file that is not here cannot be compared and changes nothing.
 * @param files paths of the networks of the configuration
 */
export function withoutOutdated(
  calibration: Calibration,
  files: readonly string[],
): { readonly calibration: Calibration; readonly outdated: readonly LifelineError[] } {
  const { networks } = madeFrom.catch({ networks: [] }).parse(calibration.made);
  const changed = networks.flatMap(({ network, sha256 }) => {
    const now = files.filter((file) => basename(file) === network).flatMap(hashOf);
    return now.length === 0 || now.includes(sha256) ? [] : [{ network, sha256, now: now[0] ?? '' }];
  });
  const names = new Set(changed.map(({ network }) => network));
  const places = calibration.places?.filter(({ network }) => !names.has(network));
  return {
    calibration: places ? { ...calibration, places } : calibration,
    outdated: changed.map(({ network, sha256, now }) => {
      const [was, is] = [sha256, now].map((hash) => hash.slice(0, shownDigits));
      const why = `the file is ${is}… by SHA-256, the matrix is of ${was}…`;
      return detectionErrors.create('PLACE-OUTDATED', `use the place matrix of ${network}: ${why}`);
    }),
  };
}

function hashOf(file: string): readonly string[] {
  try {
    return [createHash('sha256').update(readFileSync(file)).digest('hex')];
  } catch {
    return [];
  }
}
