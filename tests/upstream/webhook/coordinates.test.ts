import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cityGrid,
  type Degrees,
  fourParameterTransform,
  gaussKrueger,
  gcj02ToWgs84,
  inverseParameters,
  wgs84ToGcj02,
} from '../../../edge/upstream/webhook/coordinates.ts';

const inChina = fc.tuple(fc.double({ min: 74, max: 134, noNaN: true }), fc.double({ min: 4, max: 53, noNaN: true }));

describe('Gauss-Krüger', () => {
  it('gives the quarter meridian of GRS 80 as it is published, 10 001 965.7293 m (Moritz 1980)', () => {
    expect(gaussKrueger([120, 90], 120).northM).toBeCloseTo(10_001_965.7293, 3);
  });

  it('agrees with the worked example of the transverse Mercator in IOGP Guidance Note 7-2', () => {
    const airy = { semiMajorM: 6_377_563.396, inverseFlattening: 299.324_96 };
    const scale = 0.999_601_271_7;
    const originM = gaussKrueger([-2, 49], -2, airy).northM;
    const { eastM, northM } = gaussKrueger([0.5, 50.5], -2, airy);
    expect(400_000 + scale * eastM).toBeCloseTo(577_274.99, 1);
    expect(-100_000 + scale * (northM - originM)).toBeCloseTo(69_740.5, 1);
  });

  it('is the same on both sides of its meridian, and true to scale on it', () => {
    const assertion = fc.property(inChina, ([longitude, latitude]) => {
      const meridian = Math.round(longitude / 3) * 3;
      const here = gaussKrueger([longitude, latitude], meridian);
      const there = gaussKrueger([2 * meridian - longitude, latitude], meridian);
      expect(there.eastM).toBeCloseTo(-here.eastM, 5);
      expect(there.northM).toBeCloseTo(here.northM, 5);
      const step = 1e-6;
      const next = gaussKrueger([meridian, latitude + step], meridian);
      const metres = next.northM - gaussKrueger([meridian, latitude], meridian).northM;
      expect(metres / step).toBeGreaterThan(110_500);
      expect(metres / step).toBeLessThan(111_700);
    });
    fc.assert(assertion, { numRuns: 300 });
  });
});

describe('the four-parameter transform to a city’s own grid', () => {
  const parameters = {
    centralMeridian: 126,
    eastM: -380_000.25,
    northM: -4_900_000.5,
    rotationSeconds: 12.5,
    scalePpm: -8.2,
  };

  it('moves, turns and stretches as the formula says', () => {
    const quarter = { eastM: 10, northM: 20, rotationSeconds: 90 * 3600, scalePpm: 1_000_000 };
    const { eastM, northM } = fourParameterTransform({ eastM: 3, northM: 4 }, quarter);
    expect([eastM, northM].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([10 - 8, 20 + 6]);
  });

  it('leads back where it came from, and keeps distances but for its scale', () => {
    const assertion = fc.property(inChina, ([longitude, latitude]) => {
      const place: Degrees = [126 + (longitude - 104) / 30, latitude];
      const plane = gaussKrueger(place, 126);
      const there = cityGrid(place, parameters);
      const back = fourParameterTransform(there, inverseParameters(parameters));
      expect(back.eastM).toBeCloseTo(plane.eastM + 500_000, 4);
      expect(back.northM).toBeCloseTo(plane.northM, 4);
    });
    fc.assert(assertion, { numRuns: 300 });
  });
});

describe('GCJ-02', () => {
  // the points that eviltransform publishes with its code: WGS 84 and GCJ-02, latitude before longitude
  it.each([
    [31.1774276, 121.5272106, 31.17530398364597, 121.531541859215],
    [22.543847, 113.912316, 22.540796131694766, 113.9171764808363],
    [39.911954, 116.377817, 39.91334545536069, 116.38404722455657],
  ])('draws %d, %d at %d, %d', (latitude, longitude, drawnLatitude, drawnLongitude) => {
    const drawn = wgs84ToGcj02([longitude, latitude]);
    expect(drawn[0]).toBeCloseTo(drawnLongitude, 9);
    expect(drawn[1]).toBeCloseTo(drawnLatitude, 9);
  });

  it('leaves places beyond China where they are', () => {
    expect(wgs84ToGcj02([2.35, 48.86])).toEqual([2.35, 48.86]);
  });

  it('leads back to less than a millimetre', () => {
    const assertion = fc.property(inChina, (place) => {
      const [longitude, latitude] = gcj02ToWgs84(wgs84ToGcj02(place));
      expect(Math.abs(longitude - place[0]) * 111_320).toBeLessThan(0.001);
      expect(Math.abs(latitude - place[1]) * 111_320).toBeLessThan(0.001);
    });
    fc.assert(assertion, { numRuns: 300 });
  });
});
