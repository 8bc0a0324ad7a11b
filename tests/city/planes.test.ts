import { afterAll, describe, expect, it } from 'vitest';
import { type City, createCity } from '../../simulator/city/city.ts';

/** What a spoofed input does: the program of the PLC acts on it, and `shows` is a truth that goes with that. */
interface Spoofed {
  readonly utility: string;
  readonly start: string;
  /** Input of a program, and by how much it lies, % of its range. */
  readonly input: string;
  readonly percent: number;
  readonly shows: string;
  readonly becomes: (spoofed: number, usual: number) => boolean;
  readonly minutes: number;
}

const winter = '2027-01-12T10:00:00+08:00';
const cases: readonly Spoofed[] = [
  {
    ...{ utility: 'water', start: winter, input: 'water-ps-1/p-out', percent: 3, minutes: 10 },
    ...{ shows: 'water-ps-1/p-out', becomes: (spoofed, usual) => spoofed < usual - 0.02 },
  },
  {
    ...{ utility: 'heating', start: winter, input: 'heat-sub-1/s-supply-temp', percent: 8, minutes: 60 },
    ...{ shows: 'heat-sub-1/s-supply-temp', becomes: (spoofed, usual) => spoofed < usual - 3 },
  },
  {
    ...{ utility: 'heating', start: winter, input: 'heat-plant-1/supply-temp', percent: -8, minutes: 60 },
    ...{ shows: 'heat-plant-1/supply-temp', becomes: (spoofed, usual) => spoofed > usual + 5 },
  },
  {
    ...{ utility: 'gallery', start: winter, input: 'gallery-plc-1/z4-ch4', percent: 20, minutes: 5 },
    ...{ shows: 'gallery-plc-1/z4-fan-mode', becomes: (spoofed, usual) => spoofed === 3 && usual < 3 },
  },
  {
    ...{
      utility: 'lighting',
      start: '2027-01-12T15:56:00+08:00',
      input: 'light-cab-1/c1-lux',
      percent: -20,
      minutes: 8,
    },
    ...{ shows: 'light-cab-1/c1-p', becomes: (spoofed, usual) => spoofed > 1 && usual === 0 },
  },
  {
    ...{ utility: 'drainage', start: winter, input: 'drain-lift-1/level', percent: 20, minutes: 20 },
    ...{ shows: 'drain-lift-1/level', becomes: (spoofed, usual) => spoofed < usual - 0.5 },
  },
];

const cities: City[] = [];
const cityOf = async ({ utility, start }: Spoofed) => {
  const city = await createCity({ seed: 5, startMs: Date.parse(start), utilities: [utility] });
  cities.push(city);
  return city;
};
afterAll(() => {
  for (const city of cities) city.dispose();
});

const truths = (city: City) =>
  new Map(
    city.plcs.flatMap(({ id, points }) =>
      points.map((point): [string, number] => [`${id}/${point.name}`, point.read()]),
    ),
  );
const truthsAfter = (city: City, minutes: number) => {
  for (let step = 0; step < minutes * 6; step++) city.step(10);
  return truths(city);
};

describe('the three planes', () => {
  it.each(cases)('$input spoofed by $percent %: the program acts on it', async (given) => {
    const [usual, spoofed] = [await cityOf(given), await cityOf(given)];
    spoofed.start({
      ...{ id: 'h', kind: 'sensor.bias', target: given.input, startMs: spoofed.nowMs, durationS: 0 },
      magnitude: given.percent,
    });
    const [before, behind] = [truthsAfter(usual, given.minutes), truthsAfter(spoofed, given.minutes)];
    const [lies, honest] = [behind.get(given.shows) ?? Number.NaN, before.get(given.shows) ?? Number.NaN];
    expect(given.becomes(lies, honest), `${lies} against ${honest}`).toBe(true);
  });

  it.each(cases)('$input forged on the wire: the plant goes on bit by bit as it would', async (given) => {
    const [usual, forged] = [await cityOf(given), await cityOf(given)];
    const instrument = forged.plcs
      .flatMap(({ id, instruments = [] }) => instruments.map((one) => [`${id}/${one.point.name}`, one] as const))
      .find(([tag]) => tag === given.input)?.[1];
    instrument?.distort({ wire: (raw) => raw * 2 + 1 });
    expect(truthsAfter(forged, given.minutes)).toEqual(truthsAfter(usual, given.minutes));
    expect(instrument?.tell(1)).not.toBe(1);
  });
});
