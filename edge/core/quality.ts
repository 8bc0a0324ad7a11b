/**
 * Quality of a sample as one byte: good 0, uncertain 64–127, bad 128–255, with the reason in the low bits
 * (after OPC UA Part 8, StatusCode severity). Bad never looks like a value: a bad sample carries NaN.
 */
export const Quality = {
  good: 0,
  uncertain: 64,
  substituted: 65,
  outOfRange: 66,
  stuck: 67,
  spike: 68,
  bad: 128,
  stale: 129,
  comm: 130,
  device: 131,
  config: 132,
  notConnected: 133,
  /** The instrument shows that there is more, or less, than it can measure, and no figure. */
  overRange: 134,
  underRange: 135,
} as const;

export type QualityCode = (typeof Quality)[keyof typeof Quality];

const names = new Map<number, string>([
  [Quality.good, 'good'],
  [Quality.uncertain, 'uncertain'],
  [Quality.substituted, 'substituted'],
  [Quality.outOfRange, 'out-of-range'],
  [Quality.stuck, 'stuck'],
  [Quality.spike, 'spike'],
  [Quality.bad, 'bad'],
  [Quality.stale, 'stale'],
  [Quality.comm, 'comm'],
  [Quality.device, 'device'],
  [Quality.config, 'config'],
  [Quality.notConnected, 'not-connected'],
  [Quality.overRange, 'over-range'],
  [Quality.underRange, 'under-range'],
]);

/** The name shown to users, e.g. `out-of-range`; an unknown code falls back to its severity. */
export function qualityName(code: number): string {
  return names.get(code) ?? (code >= Quality.bad ? 'bad' : code >= Quality.uncertain ? 'uncertain' : 'good');
}

const codes = new Map([...names].map(([code, name]) => [name, code]));

/** The code of a name as `qualityName` gives it, or of a code written as digits; undefined when it is neither. */
export function qualityCode(text: string): number | undefined {
  const known = codes.get(text.toLowerCase());
  if (known !== undefined || !/^\d{1,3}$/.test(text)) return known;
  return Number(text) <= 255 ? Number(text) : undefined;
}

export const isBad = (code: number): boolean => code >= Quality.bad;
export const isGood = (code: number): boolean => code < Quality.uncertain;
/** Whether it is the device itself that calls the input broken. */
export const isBrokenInput = (code: number): boolean =>
  code === Quality.bad || code === Quality.device || code === Quality.overRange || code === Quality.underRange;

/** Why something that is no finite number is no value: an infinite one tells at which end of its range the instrument is. */
export function qualityOfNoValue(value: number): QualityCode {
  if (value === Number.POSITIVE_INFINITY) return Quality.overRange;
  return value === Number.NEGATIVE_INFINITY ? Quality.underRange : Quality.device;
}
