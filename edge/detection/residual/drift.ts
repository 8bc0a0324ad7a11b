import type { ResidualCalibration, ResidualPart } from '../calibration.ts';
import { jointDeviation, signedDeviation } from './departure.ts';
import { ExpectedValue } from './expected-value.ts';
import { rolesOfInput } from './passage.ts';

const hourMs = 3_600_000;
/** Hours of a working day, Thursday 1 January 1970. */
const hours = Array.from({ length: 24 }, (_, hour) => hour * hourMs);

/**
 * How far a newer calibration has moved what is expected, the way of the claim and in deviations of the older one: both are
 * asked at the newer one's centre, over the hours of a day. What a fault does to a value in this time a newer calibration
 * takes for normal; this is by how much.
 * @returns undefined where the two cannot be compared: other roles, or a centre that the older one has not been trained on
 */
export function driftBetween(older: ResidualCalibration, newer: ResidualCalibration): number | undefined {
  if (older.parts.length !== newer.parts.length) return undefined;
  const moved = older.parts.map((part, index) => movedBy(part, newer.parts[index] as ResidualPart));
  const known = moved.filter((deviation) => deviation !== undefined);
  if (known.length < moved.length) return undefined;
  const either = older.parts.length === 1 && older.parts[0]?.moves === 'either';
  const drift = jointDeviation(known);
  return either ? Math.abs(drift) : drift;
}

function movedBy(older: ResidualPart, newer: ResidualPart): number | undefined {
  const same = older.role === newer.role && older.rate === newer.rate && older.of.length === newer.of.length;
  const rolesIn = (part: ResidualPart) => [part, ...part.of].flatMap(rolesOfInput).join();
  if (!same || rolesIn(older) !== rolesIn(newer)) return undefined;
  const centre = newer.of.map((input) => input.centre);
  // a bound is no expectation: beyond what was taught it would hide how far that has moved
  const [before, after] = [older, newer].map(({ rises, ...part }) => new ExpectedValue(part)) as [
    ExpectedValue,
    ExpectedValue,
  ];
  if (!before.knows(centre)) return undefined;
  const sum = hours.reduce((total, timeMs) => total + after.at(centre, timeMs, 0) - before.at(centre, timeMs, 0), 0);
  return signedDeviation(sum / hours.length / older.scale, older.moves);
}
