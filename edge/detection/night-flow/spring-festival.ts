const dayMs = 86_400_000;
const lunarDate = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
/** The public holiday ends with this day of the first month. */
const lastDay = 8;

/**
 * Whether a local day, counted from 1 January 1970, belongs to the Spring Festival: the eve of the lunar year and its first
 * days. Families are at home or away, works stand still, nobody sleeps in the first night: what flows then tells of no leak.
 * The calendar (CLDR) may be a day late where the moon is new at midnight, as in 2027; then the eve makes up for it.
 */
export function isSpringFestival(day: number): boolean {
  const [month, date] = lunar(day);
  return (month === '1' && Number(date) <= lastDay) || lunar(day + 1).join() === '1,1';
}

function lunar(day: number): readonly [month: string, day: string] {
  const parts = lunarDate.formatToParts(day * dayMs);
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? '';
  return [part('month'), part('day')];
}
