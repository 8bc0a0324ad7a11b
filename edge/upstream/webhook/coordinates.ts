/** Longitude and latitude in degrees. */
export type Degrees = readonly [number, number];

/** Plane coordinates in m, to the east and to the north. */
export interface Plane {
  readonly eastM: number;
  readonly northM: number;
}

/** An ellipsoid of revolution. */
export interface Ellipsoid {
  readonly semiMajorM: number;
  readonly inverseFlattening: number;
}

/**
 * CGCS2000 (GB 22021-2008). WGS 84 has the same semi-major axis and a flattening that moves nothing by more than 0.11 mm; the
 * realisations of both agree within some decimetres. So degrees of the one are taken for degrees of the other here.
 */
export const cgcs2000: Ellipsoid = { semiMajorM: 6_378_137, inverseFlattening: 298.257_222_101 };

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/**
 * Gauss-Krüger projection: true to scale on the central meridian, north counted from the equator, east from that meridian. Krüger's series in the
 * third flattening up to its fourth power (Karney 2011, eq. 5–15 and 35): exact to less than 0.1 mm within 1,000 km of the meridian.
 */
export function gaussKrueger([longitude, latitude]: Degrees, centralMeridian: number, ellipsoid = cgcs2000): Plane {
  const flattening = 1 / ellipsoid.inverseFlattening;
  const n = flattening / (2 - flattening);
  const eccentricity = Math.sqrt(flattening * (2 - flattening));
  const radiusM = (ellipsoid.semiMajorM / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
  const series = [
    n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
    (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
    (61 / 240) * n ** 3 - (103 / 140) * n ** 4,
    (49_561 / 161_280) * n ** 4,
  ];
  const sine = Math.sin(radians(latitude));
  const tau = Math.sinh(Math.atanh(sine) - eccentricity * Math.atanh(eccentricity * sine));
  const away = radians(longitude - centralMeridian);
  const xi = Math.atan2(tau, Math.cos(away));
  const eta = Math.asinh(Math.sin(away) / Math.hypot(tau, Math.cos(away)));
  let north = xi;
  let east = eta;
  series.forEach((term, index) => {
    const order = 2 * (index + 1);
    north += term * Math.sin(order * xi) * Math.cosh(order * eta);
    east += term * Math.cos(order * xi) * Math.sinh(order * eta);
  });
  return { eastM: radiusM * east, northM: radiusM * north };
}

/** How a city's own grid lies over a plane of the country: moved, turned and stretched. */
export interface FourParameters {
  /** Of the plane whose coordinates are transformed, in degrees; its east has 500 km added. */
  readonly centralMeridian: number;
  readonly eastM: number;
  readonly northM: number;
  /** Turn from east to north, in seconds of arc. */
  readonly rotationSeconds: number;
  readonly scalePpm: number;
}

const falseEastM = 500_000;

/** A place in a city's own grid: the four-parameter (Helmert) transform of its CGCS2000 Gauss-Krüger coordinates. */
export function cityGrid(place: Degrees, parameters: FourParameters): Plane {
  const { eastM, northM } = gaussKrueger(place, parameters.centralMeridian);
  return fourParameterTransform({ eastM: eastM + falseEastM, northM }, parameters);
}

/** `moved + scale × turn`. */
export function fourParameterTransform(
  { eastM, northM }: Plane,
  parameters: Omit<FourParameters, 'centralMeridian'>,
): Plane {
  const scale = 1 + parameters.scalePpm * 1e-6;
  const turn = radians(parameters.rotationSeconds / 3600);
  const [cosine, sine] = [scale * Math.cos(turn), scale * Math.sin(turn)];
  return {
    eastM: parameters.eastM + cosine * eastM - sine * northM,
    northM: parameters.northM + sine * eastM + cosine * northM,
  };
}

/** The parameters that lead back. */
export function inverseParameters(
  parameters: Omit<FourParameters, 'centralMeridian'>,
): Omit<FourParameters, 'centralMeridian'> {
  const scale = 1 / (1 + parameters.scalePpm * 1e-6);
  const turned = { rotationSeconds: -parameters.rotationSeconds, scalePpm: (scale - 1) * 1e6 };
  const { eastM, northM } = fourParameterTransform(parameters, { eastM: 0, northM: 0, ...turned });
  return { eastM: -eastM, northM: -northM, ...turned };
}

/** Krassowsky 1940, on which the deviation of GCJ-02 is computed. */
const krassowsky = { semiMajorM: 6_378_245, eccentricitySquared: 0.006_693_421_622_965_943 };

/** Where GCJ-02 deviates: a box about mainland China, in degrees. */
const deviates = ([longitude, latitude]: Degrees): boolean =>
  longitude > 72.004 && longitude < 137.8347 && latitude > 0.8293 && latitude < 55.8271;

/** The deviation of GCJ-02 at a place, in degrees; the formula that has been public since 2010 (chinese-gcj02, eviltransform). */
function deviation([longitude, latitude]: Degrees): Degrees {
  const [x, y] = [longitude - 105, latitude - 35];
  const wave = (value: number, weights: readonly (readonly [number, number])[]) =>
    (weights.reduce((sum, [weight, period]) => sum + weight * Math.sin((value / period) * Math.PI), 0) * 2) / 3;
  const root = Math.sqrt(Math.abs(x));
  const ripple = wave(x, [[20, 1 / 6], [20, 1 / 2]]); // biome-ignore format: pairs of weight and period
  const northM =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * root +
    ripple +
    wave(y, [
      [20, 1],
      [40, 3],
      [160, 12],
      [320, 30],
    ]);
  const eastM =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * root +
    ripple +
    wave(x, [
      [20, 1],
      [40, 3],
      [150, 12],
      [300, 30],
    ]);
  const sine = Math.sin(radians(latitude));
  const flat = 1 - krassowsky.eccentricitySquared * sine * sine;
  const meridianM = (krassowsky.semiMajorM * (1 - krassowsky.eccentricitySquared)) / (flat * Math.sqrt(flat));
  const parallelM = (krassowsky.semiMajorM / Math.sqrt(flat)) * Math.cos(radians(latitude));
  return [(eastM / parallelM) * (180 / Math.PI), (northM / meridianM) * (180 / Math.PI)];
}

/** A place as web maps of China draw it. For drawing alone: it is no coordinate of a survey. */
export function wgs84ToGcj02(place: Degrees): Degrees {
  if (!deviates(place)) return place;
  const [east, north] = deviation(place);
  return [place[0] + east, place[1] + north];
}

/** Back from a web map, to less than 1 mm: the deviation changes little over itself, so that repeating it converges. */
export function gcj02ToWgs84(place: Degrees): Degrees {
  let guess = place;
  for (let round = 0; round < 10; round++) {
    const [longitude, latitude] = wgs84ToGcj02(guess);
    guess = [guess[0] + place[0] - longitude, guess[1] + place[1] - latitude];
  }
  return guess;
}
