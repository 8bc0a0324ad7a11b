/** Days off by law in the People's Republic of China. */
export type Holiday =
  | 'new-year'
  | 'spring-festival'
  | 'tomb-sweeping'
  | 'labour-day'
  | 'dragon-boat'
  | 'mid-autumn'
  | 'national-day';

/**
 * Days of the lunar calendar (GB/T 33661-2017), as month × 100 + day by year: New Year, Dragon Boat, Mid-Autumn. Years that
 * are not here have the holidays of the solar calendar alone.
 */
const lunar: Readonly<Record<number, readonly [springFestival: number, dragonBoat: number, midAutumn: number]>> = {
  2020: [125, 625, 1001],
  2021: [212, 614, 921],
  2022: [201, 603, 910],
  2023: [122, 622, 929],
  2024: [210, 610, 917],
  2025: [129, 531, 1006],
  2026: [217, 619, 925],
  2027: [206, 609, 915],
  2028: [126, 528, 1003],
  2029: [213, 616, 922],
  2030: [203, 605, 912],
  2031: [123, 624, 1001],
  2032: [211, 612, 919],
  2033: [131, 601, 908],
  2034: [219, 620, 927],
  2035: [208, 610, 916],
};

const dayMs = 86_400_000;

/** Whole days from a day given as month × 100 + day to another day of the year. */
function daysSince(year: number, monthDay: number, dayUtcMs: number): number {
  return (dayUtcMs - Date.UTC(year, Math.floor(monthDay / 100) - 1, monthDay % 100)) / dayMs;
}

/** Day of April on which the sun reaches 15°: the usual interpolation for the 21st century. */
const tombSweepingDay = (year: number) => Math.floor(0.2422 * (year % 100) + 4.81) - Math.floor((year % 100) / 4);

/**
 * The holiday of a calendar day (its midnight as if in UTC), by the rules for days off of the State Council in their form of
 * 2025: Spring Festival eight days from its eve on, National Day seven, Labour Day five, the others one. Working Saturdays
 * that make up for them are announced year by year and are left out.
 */
export function holidayOf(dayUtcMs: number): Holiday | undefined {
  const year = new Date(dayUtcMs).getUTCFullYear();
  const within = (monthDay: number, from: number, days: number) => {
    const since = daysSince(year, monthDay, dayUtcMs);
    return since >= from && since < from + days;
  };
  if (within(101, 0, 1)) return 'new-year';
  if (within(400 + tombSweepingDay(year), 0, 1)) return 'tomb-sweeping';
  if (within(501, 0, 5)) return 'labour-day';
  if (within(1001, 0, 7)) return 'national-day';
  const moon = lunar[year];
  if (!moon) return undefined;
  const [springFestival, dragonBoat, midAutumn] = moon;
  if (within(springFestival, -1, 8)) return 'spring-festival';
  if (within(dragonBoat, 0, 1)) return 'dragon-boat';
  return within(midAutumn, 0, 1) ? 'mid-autumn' : undefined;
}
