/** Mean radius, m. */
export const earthRadiusM = 6_371_000;

/** WGS 84 longitude and latitude, degrees. */
export type Location = readonly [longitude: number, latitude: number];

/** Great-circle distance of two places (haversine), m; undefined where one is not surveyed. */
export function distanceM(a: Location | undefined, b: Location | undefined): number | undefined {
  if (!a || !b) return undefined;
  const [east, north, eastOther, northOther] = [...a, ...b].map((degrees) => (degrees * Math.PI) / 180) as [
    number,
    number,
    number,
    number,
  ];
  const half = (angle: number) => Math.sin(angle / 2) ** 2;
  const h = half(northOther - north) + Math.cos(north) * Math.cos(northOther) * half(eastOther - east);
  return 2 * earthRadiusM * Math.asin(Math.sqrt(h));
}
