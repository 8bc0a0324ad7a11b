import { coldWaves } from './cold-waves.ts';
import { localTime, yearFraction } from './local-time.ts';
import { smoothNoise } from './noise.ts';
import { irradianceAt, luxAt, sunAltitudeAt } from './sky.ts';
import { type Snowfall, snowCover } from './snow.ts';
import { type StormWeather, summerStorms } from './storms.ts';

/** Weather at one moment, the same for all plants. */
export interface Weather {
  readonly outdoorC: number;
  /** 0..1. */
  readonly relativeHumidity: number;
  readonly windMS: number;
  readonly rainMmH: number;
  /** Water equivalent of the snow that falls, mm/h. */
  readonly snowMmH: number;
  /** Water equivalent of the snow that lies on open ground, mm. */
  readonly snowCoverMm: number;
  /** Global horizontal irradiance, W/m². */
  readonly solarWM2: number;
  /** Radians above the horizon. */
  readonly sunAltitude: number;
  /** Horizontal illuminance, lux. */
  readonly lux: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Climate of Harbin by month, January first (China Meteorological Administration normals 1991–2020, station 50953,
 * rounded): mean temperature °C, mean daily range K, standard deviation of daily means K, relative humidity 0..1,
 * wind m/s, share of time with rain or snow, and typical intensity while it falls, mm/h.
 */
const climate = {
  meanC: [-17.6, -12.3, -2.9, 7.9, 15.4, 21.2, 23.4, 21.7, 15.3, 6.1, -5.4, -14.9],
  rangeK: [11, 12, 11, 12, 12.5, 11, 9, 9.5, 11.5, 10.5, 9.5, 10],
  dayToDayK: [4.2, 4.4, 4, 3.6, 3.2, 2.6, 2.1, 2.1, 2.8, 3.6, 4.4, 4.4],
  humidity: [0.71, 0.66, 0.55, 0.49, 0.53, 0.64, 0.76, 0.78, 0.7, 0.61, 0.66, 0.71],
  windMS: [2.6, 2.8, 3.4, 4, 3.8, 3.1, 2.7, 2.5, 2.8, 3.3, 3.1, 2.6],
  wetShare: [0.07, 0.06, 0.07, 0.08, 0.1, 0.13, 0.14, 0.12, 0.1, 0.08, 0.08, 0.08],
  intensityMmH: [0.08, 0.1, 0.18, 0.33, 0.6, 0.95, 1.45, 1.25, 0.85, 0.42, 0.22, 0.1],
} as const satisfies Record<string, readonly number[]>;

/** A monthly figure at any moment of the year: Catmull–Rom spline through the middles of the months. */
function monthly(figures: readonly number[], fraction: number): number {
  const place = fraction * 12 - 0.5;
  const month = Math.floor(place);
  const x = place - month;
  const at = (step: number) => figures[(month + step + 24) % 12] as number;
  const [a, b, c, d] = [at(-1), at(0), at(1), at(2)];
  return b + (x / 2) * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)));
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
/** Standard normal distribution function, logistic approximation (Bowling et al., 2009; within 0.0001). */
const normalShare = (z: number) => 1 / (1 + Math.exp(-(0.07056 * z ** 3 + 1.5976 * z)));

/** Weather of the city, with what the plants do not ask for but people do. */
export interface CityWeather extends Weather {
  /** Cloud cover 0..1. */
  readonly cloud: number;
}

/** What the weather does apart from the sun and the snow that lies. */
interface Air extends Snowfall {
  readonly rainMmH: number;
  readonly cloud: number;
  readonly wet: number;
  readonly dailyK: number;
}

/**
 * Temperature, clouds and what falls from them. Temperature is the climate of the season, plus the run of fronts over days
 * and the cold waves of winter, plus a daily wave (lowest before sunrise, highest at 14:20, flatter under clouds),
 * plus small waves of an hour. Showers fall out of the cloudiest spells only, and the storms of summer out of their own.
 */
function harbinAir(seed: number): (timeMs: number) => Air {
  const noise = (label: string, periodMs: number) => smoothNoise(seed, `weather/${label}`, periodMs);
  const front = noise('front', 4.1 * dayMs);
  const trough = noise('trough', 1.3 * dayMs);
  const eddy = noise('eddy', 1.1 * hourMs);
  const overcast = noise('cloud', 9 * hourMs);
  const shower = noise('shower', 3.7 * hourMs);
  const storms = summerStorms(seed);
  const waveK = coldWaves(seed);
  return (timeMs) => {
    const fraction = yearFraction(timeMs);
    const normal = (figures: readonly number[]) => monthly(figures, fraction);
    const { hour } = localTime(timeMs);
    const storm: StormWeather = storms(timeMs);
    const wetness = 0.6 * overcast(timeMs) - 0.5 * trough(timeMs) + 0.62 * shower(timeMs);
    const fair = normalShare(0.75 * overcast(timeMs) - 0.65 * trough(timeMs) - 0.1);
    const cloud = fair + (1 - fair) * storm.overcast;
    const wave = Math.cos((2 * Math.PI * (hour - 14.33)) / 24) + 0.18 * Math.cos((4 * Math.PI * (hour - 13.5)) / 24);
    const dailyK = (normal(climate.rangeK) / 2) * (1.3 - 0.6 * cloud) * wave;
    const frontK = normal(climate.dayToDayK) * (0.8 * front(timeMs) + 0.6 * trough(timeMs));
    const outdoorC = normal(climate.meanC) + waveK(timeMs) + frontK + dailyK + 0.25 * eddy(timeMs);
    const wet = clamp((normalShare(wetness) - 1 + normal(climate.wetShare)) / normal(climate.wetShare), 0, 1);
    const precipitationMmH = 2 * normal(climate.intensityMmH) * wet;
    const liquid = clamp((outdoorC - 0.2) / 1.6, 0, 1);
    const rainMmH = precipitationMmH * liquid + storm.rainMmH;
    return { outdoorC, rainMmH, snowMmH: precipitationMmH * (1 - liquid), cloud, wet, dailyK };
  };
}

/**
 * Weather of Harbin as a pure function of the time (ms since epoch), random by seed. All but the rain of storms is smooth,
 * so that steps of a second see no jump.
 */
export function harbinWeather(seed: number): (timeMs: number) => CityWeather {
  const noise = (label: string, periodMs: number) => smoothNoise(seed, `weather/${label}`, periodMs);
  const damp = noise('humidity', 15 * hourMs);
  const breeze = noise('wind', 7 * hourMs);
  const gust = noise('gust', 0.25 * hourMs);
  const airAt = harbinAir(seed);
  const snowCoverAt = snowCover(harbinAir(seed));
  return (timeMs) => {
    const fraction = yearFraction(timeMs);
    const normal = (figures: readonly number[]) => monthly(figures, fraction);
    const { outdoorC, rainMmH, snowMmH, cloud, wet, dailyK } = airAt(timeMs);
    const sunAltitude = sunAltitudeAt(timeMs);
    const humidity =
      normal(climate.humidity) - 0.022 * dailyK + 0.07 * damp(timeMs) + 0.15 * (cloud - 0.5) + 0.15 * wet;
    return {
      outdoorC,
      relativeHumidity: clamp(humidity, 0.12, 0.99),
      windMS: normal(climate.windMS) * Math.exp(0.42 * breeze(timeMs) + 0.12 * gust(timeMs) - 0.1),
      rainMmH,
      snowMmH,
      snowCoverMm: snowCoverAt(timeMs),
      solarWM2: irradianceAt(sunAltitude, cloud),
      sunAltitude,
      lux: luxAt(sunAltitude, cloud),
      cloud,
    };
  };
}
