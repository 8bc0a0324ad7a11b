import { createHash } from 'node:crypto';
import type { Sitting } from './sitting.ts';

/** Alarm transitions count by the second, the finest poll of a gateway, not by what its clock read in between. */
const resolutionMs = 1000;

/**
 * SHA-256 over what happened and what the gateway made of it, in hex: happenings with their truth, and every transition of
 * an alarm with the second it fell in. Scores stay out: they may differ in the last digits from machine to machine.
 */
export function fingerprint({ truths, events }: Pick<Sitting, 'truths' | 'events'>): string {
  const hash = createHash('sha256');
  for (const { happening, asset, decoy } of truths) hash.update(`${JSON.stringify([happening, asset, decoy])}\n`);
  for (const { type, time, data } of events) {
    if (!type.startsWith('alarm.')) continue;
    hash.update(`${JSON.stringify([type, Math.floor(time / resolutionMs), data['asset'], data['kind']])}\n`);
  }
  return hash.digest('hex');
}
