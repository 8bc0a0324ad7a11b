import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadPacks, parsePack } from '../../edge/config/packs.ts';
import { formatProblem } from '../../edge/config/problem.ts';
import type { TileKind } from '../../edge/console/web/src/process-columns.ts';
import { type DrawnSymbol, layOutProcess, type ProcessLayout } from '../../edge/console/web/src/process-layout.ts';
import { bodySigns, fittings } from '../../edge/console/web/src/process-symbols.ts';
import type { Box, Spot } from '../../edge/console/web/src/schematic.ts';
import { texts } from '../../edge/console/web/src/texts.ts';
import {
  bodySymbols,
  endSymbols,
  fittingSymbols,
  type PackPicture,
  type PictureSymbol,
} from '../../edge/core/picture.ts';

const { packs } = await loadPacks('models');
const kinds = [...packs].flatMap(([pack, { assets }]) =>
  Object.entries(assets).map(([kind, asset]) => [`${pack}.${kind}`, asset] as const),
);
/** Every kind that has values, as its pack draws it. */
const drawn = kinds.filter(([, { roles }]) => Object.keys(roles).length > 0);
/** What a page of 1280 px leaves for it, and one of 1920. */
const fieldsPx = [1020, 1640] as const;

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const within = (a: Box, b: Box) =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
const crosses = (a: Spot, b: Spot, box: Box) =>
  overlap(box, {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x) || 0.1,
    height: Math.abs(a.y - b.y) || 0.1,
  });
const isBody = ({ symbol }: DrawnSymbol) => symbol in bodySigns;

/** All that would keep somebody from reading the picture. */
function faults({ width, height, symbols, lines, tiles, ruleY }: ProcessLayout): string[] {
  const page = { x: 0, y: 0, width, height };
  const boxes = [
    ...tiles.map(({ role, box }) => ({ name: role, box })),
    ...symbols.filter((symbol) => !isBody(symbol)).map(({ symbol, box }) => ({ name: symbol, box })),
    ...symbols.flatMap(({ symbol, gauge }) => (gauge ? [{ name: `gauge of ${symbol}`, box: gauge }] : [])),
  ];
  const bodies = symbols.filter(isBody);
  const inside = (role: string) => bodies.find(({ roles }) => roles.includes(role));
  return [
    ...boxes.filter(({ box }) => !within(box, page)).map(({ name }) => `${name} is outside`),
    ...bodies.filter(({ box }) => !within(box, page)).map(({ symbol }) => `${symbol} is outside`),
    ...boxes.flatMap((a, at) =>
      boxes.slice(at + 1).flatMap((b) => (overlap(a.box, b.box) ? [`${a.name} covers ${b.name}`] : [])),
    ),
    ...bodies.flatMap((a, at) =>
      bodies.slice(at + 1).flatMap((b) => (overlap(a.box, b.box) ? ['bodies overlap'] : [])),
    ),
    ...tiles.flatMap(({ role, box }) => {
      const own = inside(role);
      const foreign = bodies.filter((body) => body !== own && overlap(body.box, box));
      return [
        ...(own && !within(box, own.box) ? [`${role} sticks out of ${own.symbol}`] : []),
        ...foreign.map(({ symbol }) => `${role} lies over ${symbol}`),
      ];
    }),
    ...lines.flatMap((spots) =>
      spots
        .slice(1)
        .flatMap((to, at) => [
          ...tiles.filter(({ box }) => crosses(spots[at]!, to, box)).map(({ role }) => `a line crosses ${role}`),
          ...bodies
            .filter(({ box }) => crosses(spots[at]!, to, { ...box, x: box.x + 1, width: box.width - 2 }))
            .map(({ symbol }) => `a line crosses ${symbol}`),
        ]),
    ),
    ...(ruleY === undefined
      ? []
      : boxes
          .filter(({ box }) => box.y < ruleY && box.y + box.height > ruleY)
          .map(({ name }) => `the rule crosses ${name}`)),
  ];
}

/** Symbols that no line leads to, where something stands beside them. */
const lonely = ({ symbols, lines }: ProcessLayout) =>
  new Set(symbols.map(({ box }) => box.x)).size < 2
    ? []
    : symbols
        .filter(({ box }) => {
          const reach = { x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 };
          return !lines.some((spots) => spots.slice(1).some((to, at) => crosses(spots[at]!, to, reach)));
        })
        .map(({ symbol }) => symbol);

const asKinds = (roles: readonly string[], state: (role: string) => boolean = () => false) =>
  new Map(roles.map((role) => [role, state(role) ? 'state' : 'value'] as [string, TileKind]));

const pictureOf = (asset: (typeof drawn)[number][1]): PackPicture =>
  asset.picture ?? [{ symbol: 'box', roles: Object.keys(asset.roles) }];

describe('the process picture', () => {
  it('is drawn by the pack of every kind that has values', () => {
    expect(drawn.filter(([, { picture }]) => !picture).map(([kind]) => kind)).toEqual([]);
  });

  describe.each(drawn)('of %s', (_, asset) => {
    const all = Object.keys(asset.roles);
    const isState = (role: string) => asset.roles[role]?.unit === '';

    it.each(fieldsPx)('shows each value once, nothing over another, nothing outside, on %i px', (fieldPx) => {
      const layout = layOutProcess(pictureOf(asset), asKinds(all, isState), fieldPx);
      expect(layout.tiles.map(({ role }) => role).toSorted()).toEqual(all.toSorted());
      expect(faults(layout)).toEqual([]);
      expect(lonely(layout)).toEqual([]);
      expect(layout.width).toBe(fieldPx);
      // what header, name and one alarm leave of a screen of 720 px
      expect(layout.height).toBeLessThanOrEqual(480);
    });

    it('is as sound with any part of its roles, as numbers or as states, on any width', () => {
      fc.assert(
        fc.property(
          fc.subarray(all, { minLength: 1 }),
          fc.subarray(all),
          fc.integer({ min: 300, max: 2400 }),
          (roles, states, fieldPx) => {
            const layout = layOutProcess(
              pictureOf(asset),
              asKinds(roles, (role) => states.includes(role)),
              fieldPx,
            );
            expect(layout.tiles.map(({ role }) => role).toSorted()).toEqual(roles.toSorted());
            expect(faults(layout)).toEqual([]);
            expect(lonely(layout)).toEqual([]);
          },
        ),
        { numRuns: 60 },
      );
    });
  });

  it('is sound whatever a pack draws', () => {
    const roles = Array.from({ length: 24 }, (_, at) => `role-${at}`);
    const count = fc.integer({ min: 0, max: 4 });
    const body = fc.record({ symbol: fc.constantFrom<PictureSymbol>(...bodySymbols), count });
    const inLine = fc.record({ symbol: fc.constantFrom<PictureSymbol>(...endSymbols, ...fittingSymbols), count });
    const column = fc.oneof(body, inLine, fc.array(fc.option(inLine), { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(
        fc.array(column, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 300, max: 2000 }),
        (columns, px) => {
          const left = [...roles];
          const named = ({ symbol, count: own }: { symbol: PictureSymbol; count: number }) => ({
            symbol,
            roles: left.splice(0, own),
          });
          const picture: PackPicture = columns.map((one) =>
            Array.isArray(one) ? one.map((cell) => cell && named(cell)) : named(one),
          );
          const layout = layOutProcess(picture, asKinds(roles), px);
          expect(layout.tiles).toHaveLength(roles.length);
          expect(faults(layout)).toEqual([]);
        },
      ),
    );
  });

  it('leaves out a symbol that has lost its roles, and the line goes on', () => {
    const substation = packs.get('heating')!.assets['substation']!;
    const { symbols } = layOutProcess(
      substation.picture!,
      asKinds(['primary-supply-temperature', 'secondary-supply-temperature', 'secondary-supply-pressure', 'pump-run']),
      1020,
    );
    expect(symbols.map(({ symbol }) => symbol)).toEqual(['in', 'exchanger', 'pump', 'out']);
  });

  it('turns what sits in a line that goes to the left, and names neighbours once at each edge', () => {
    const { picture, roles } = packs.get('heating')!.assets['substation']!;
    const { symbols } = layOutProcess(picture!, asKinds(Object.keys(roles)), 1020);
    expect(symbols.filter(({ back }) => back).map(({ symbol }) => symbol)).toEqual(['out', 'meter', 'pump', 'in']);
    expect(symbols.flatMap(({ end }) => (end?.names ? [end.side] : []))).toEqual(['left', 'right']);
  });

  it('has a sign and both names for each symbol that a pack may use', () => {
    for (const symbol of [...fittingSymbols, ...bodySymbols]) {
      expect(symbol in fittings || (symbol in bodySigns && `symbol-${symbol}` in texts), symbol).toBe(true);
    }
  });

  it('is refused where a pack names a role that is unknown or drawn already, by its place', () => {
    const told = (picture: string) => {
      const content = `pack: soil\nversion: 1\nname: { zh: 土, en: Soil }\nassets:\n  slope:\n    name: { zh: 坡, en: Slope }\n    roles: { tilt: { name: { zh: 倾角, en: Tilt }, unit: deg } }\n    picture:\n${picture}`;
      return parsePack('pack.yaml', content).problems.map(formatProblem);
    };
    expect(told('      - { symbol: box, roles: [tilt] }\n')).toEqual([]);
    expect(told('      - { symbol: box, roles: [tlit] }\n')[0]).toMatch(/pack.yaml:9:.*unknown role "tlit"/);
    expect(
      told('      - { symbol: in, roles: [tilt] }\n      - - null\n        - { symbol: pump, state: tilt }\n')[0],
    ).toMatch(/pack.yaml:11:.*drawn a second time/);
    expect(told('      - { symbol: pumpe }\n')[0]).toMatch(/pack.yaml:9:.*pump/);
  });
});
