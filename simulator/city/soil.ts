const dayMs = 86_400_000;
const yearDays = 365.25;
/** Harbin: mean ground temperature and yearly swing of the air, °C. */
const meanC = 7.2;
const airSwingC = 20.5;
/** Share of the swing that passes the winter's snow cover. */
const snowShare = 0.65;
/** Depth over which the yearly wave falls to 1/e, m, for 0.07 m²/day. */
const dampingDepthM = Math.sqrt((0.07 * yearDays) / Math.PI);
/** Coldest day of the year's air, counted from 1 January. */
const coldestDay = 17;

/**
 * Undisturbed ground temperature in °C at a depth, by Kusuda and Achenbach (1965) for Harbin: +2..+4 °C at 2 m in January
 * and +4..+6 °C at 4–5 m (domain reference 1.2 and 1.4).
 */
export function soilTemperatureC(timeMs: number, depthM: number): number {
  const day = (timeMs / dayMs) % yearDays;
  const damping = depthM / dampingDepthM;
  const phase = (2 * Math.PI * (day - coldestDay)) / yearDays - damping;
  return meanC - airSwingC * snowShare * Math.exp(-damping) * Math.cos(phase);
}
