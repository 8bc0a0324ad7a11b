import { getPosition } from 'suncalc';

/** Harbin, Nangang district: degrees north and east (WGS 84). */
const latitude = 45.75;
const longitude = 126.65;

/** Apparent altitude of the sun at Harbin in radians above the horizon, refraction included. */
export function sunAltitudeAt(timeMs: number): number {
  return (getPosition(new Date(timeMs), latitude, longitude).altitude * Math.PI) / 180;
}

/** Share of clear-sky radiation that a cloud cover of 0..1 lets through (Kasten and Czeplak, 1980). */
const transmitted = (cloud: number) => 1 - 0.75 * cloud ** 3.4;

/**
 * Global horizontal irradiance in W/m²: clear sky by Haurwitz (1945), 1098 sin h exp(−0.057 / sin h), thinned by
 * clouds.
 */
export function irradianceAt(sunAltitude: number, cloud: number): number {
  const sine = Math.sin(sunAltitude);
  if (sine <= 0.001) return 0;
  return 1098 * sine * Math.exp(-0.057 / sine) * transmitted(cloud);
}

/**
 * Coefficients of log10(lux) over x = altitude / 90°, by the lowest altitude (degrees) at which they hold: Janiczek and
 * DeYoung, US Naval Observatory Circular 171 (1987), as in the Explanatory Supplement to the Astronomical Almanac.
 */
const illuminance: readonly (readonly [number, number, number, number, number])[] = [
  [20, 3.74, 3.97, -4.07, 1.47],
  [5, 3.05, 13.28, -45.98, 64.33],
  [-0.8, 2.88, 22.26, -207.64, 1034.3],
  [-5, 2.88, 21.81, -258.11, -858.36],
  [-12, 2.7, 12.17, -431.69, -1899.83],
  [-18, 13.84, 262.72, 1447.42, 2797.93],
];
/** Starlight and airglow, lux. */
const nightLux = 0.0006;

/** Horizontal illuminance of sun and sky in lux; town light and moon are left out. */
export function luxAt(sunAltitude: number, cloud: number): number {
  const degrees = (sunAltitude * 180) / Math.PI;
  const row = illuminance.find(([lowest]) => degrees >= lowest);
  if (!row) return nightLux;
  const [, l0, l1, l2, l3] = row;
  const x = degrees / 90;
  return Math.max(nightLux, 10 ** (l0 + x * (l1 + x * (l2 + x * l3))) * transmitted(cloud));
}
