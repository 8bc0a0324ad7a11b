import { both } from '../../core/text.ts';
import { shelfErrors } from '../errors.ts';
import { type ModelEntry, objectionsTo, rowsOfDays, trialOf } from './record.ts';
import { placeOf, promoted, rolledBack, type ShelfState } from './shelf-state.ts';

/** A version decides from now on; throws LL-MODEL-DOWNGRADE when one with a higher counter has been promoted before. */
export function promotion(of: ShelfState, asset: string, version: number, counter: number): ShelfState {
  const next = promoted(of, asset, version, counter);
  if (next !== 'downgrade') return next;
  const before = placeOf(of, asset).counter;
  throw shelfErrors.create(
    'DOWNGRADE',
    both(
      `promote version ${version} of ${asset}: its counter is ${counter}, ${before} was promoted before`,
      `启用 ${asset} 的版本 ${version}：其计数为 ${counter}，先前已启用 ${before}`,
    ),
  );
}

/** The version before decides again, or none; throws LL-MODEL-VERSION when none is active. */
export function rollBack(of: ShelfState, asset: string): ShelfState {
  const next = rolledBack(of, asset);
  if (next) return next;
  throw shelfErrors.create(
    'VERSION',
    both(`roll back ${asset}: no version is active`, `回退 ${asset}：没有启用的版本`),
  );
}

/** Throws LL-MODEL-UNPROVEN when what a version did in shadow does not speak for letting it decide. */
export function requireProof(entry: ModelEntry | undefined, { asset, version, stepS, days }: ProofAsked): void {
  const objections = objectionsTo(trialOf(entry, rowsOfDays(days, stepS)));
  if (objections.length > 0)
    throw shelfErrors.create(
      'UNPROVEN',
      both(
        `promote version ${version} of ${asset}: ${objections.map(({ en }) => en).join('; ')}`,
        `启用 ${asset} 的版本 ${version}：${objections.map(({ zh }) => zh).join('；')}`,
      ),
    );
}

interface ProofAsked {
  readonly asset: string;
  readonly version: number;
  readonly stepS: number;
  /** Days of rows that it must have scored. */
  readonly days: number;
}
