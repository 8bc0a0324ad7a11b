import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceM, type Location } from '../../edge/core/distance.ts';
import { siteMap } from '../../models/training/place/site-map.ts';

const figure = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const origin: Location = [126.6, 45.75];
const metresPerDegree = (6_371_000 * Math.PI) / 180;

/** Where a point lies that is so many metres east and north of the origin. */
const placeAt = (eastM: number, northM: number): Location => [
  origin[0] + eastM / (metresPerDegree * Math.cos((origin[1] * Math.PI) / 180)),
  origin[1] + northM / metresPerDegree,
];

describe("a network file's map on the ground", () => {
  it('is found from surveyed nodes however the file turns, stretches and moves it', () => {
    const point = fc.tuple(figure(-3000, 3000), figure(-3000, 3000));
    fc.assert(
      fc.property(
        ...[figure(-Math.PI, Math.PI), figure(0.01, 100), fc.tuple(figure(-1e6, 1e6), figure(-1e6, 1e6)), point, point],
        fc.array(point, { minLength: 0, maxLength: 3 }),
        (turn, scale, [x0, y0], first, lost, more) => {
          const nodes = [first, [first[0] + 700, first[1] - 400] as const, ...more, lost].map(
            ([east, north], index) => ({
              id: `n${index}`,
              x: x0 + scale * (Math.cos(turn) * east - Math.sin(turn) * north),
              y: y0 + scale * (Math.sin(turn) * east + Math.cos(turn) * north),
              place: placeAt(east, north),
            }),
          );
          const surveyed = Object.fromEntries(nodes.slice(0, -1).map(({ id, place }) => [id, place]));
          const at = siteMap(surveyed, nodes);
          for (const node of nodes) expect(distanceM(at(node), node.place)).toBeLessThan(8);
        },
      ),
    );
  });

  it('is none where nobody surveyed it, and the file itself where that is in degrees', () => {
    const node = { id: 'a', x: 126.61, y: 45.7 };
    expect(siteMap(undefined, [node])(node)).toBeUndefined();
    expect(siteMap('wgs84', [node])(node)).toEqual([126.61, 45.7]);
    expect(siteMap('wgs84', [node])({ id: 'b', x: Number.NaN, y: 1 })).toBeUndefined();
  });

  it('is none where all surveyed nodes lie on one point of the file', () => {
    const nodes = ['a', 'b'].map((id) => ({ id, x: 5, y: 5 }));
    expect(siteMap({ a: origin, b: placeAt(10, 0) }, nodes)({ id: 'a', x: 5, y: 5 })).toBeUndefined();
  });
});
