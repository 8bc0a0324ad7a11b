/** Ends of a line: what comes, what goes, and what does the one or the other. */
export const endSymbols = ['in', 'out', 'main'] as const;
/** What sits in a line. */
export const fittingSymbols = [
  'pump',
  'fan',
  'valve',
  'regulator',
  'filter',
  'meter',
  'doser',
  'point',
  'breaker',
  'switch',
  'transformer',
] as const;
/** What lines come to: it encloses its values, and is drawn however few of them there are. */
export const bodySymbols = [
  'tank',
  'well',
  'zone',
  'boiler',
  'exchanger',
  'room',
  'road',
  'busbar',
  'lamps',
  'building',
  'hydrant',
  'span',
  'pier',
  'controller',
  'box',
] as const;
export const pictureSymbols = [...endSymbols, ...fittingSymbols, ...bodySymbols] as const;

export type BodySymbol = (typeof bodySymbols)[number];
export type PictureSymbol = (typeof pictureSymbols)[number];

/** One symbol of a process picture, with the roles whose values stand at it. */
export interface PackSymbol {
  readonly symbol: PictureSymbol;
  readonly roles: readonly string[];
  /** The role by which it runs, is closed or is made: drawn filled while that is not 0. */
  readonly state?: string | undefined;
  /** The role by which a body is filled: drawn as a gauge. */
  readonly level?: string | undefined;
}

/** A column of a picture: one symbol as high as all rows, or a symbol or nothing for each row from the first on. */
export type PackColumn = PackSymbol | readonly (PackSymbol | null)[];

/**
 * How a kind of asset is drawn: columns from left to right, joined by lines. Only what has a role filled is drawn; roles
 * that no symbol names stand below.
 */
export type PackPicture = readonly PackColumn[];

/** All roles that stand at a symbol, what it is drawn by first. */
export const rolesAt = ({ state, level, roles }: PackSymbol): readonly string[] => [
  ...[state, level].filter((role) => role !== undefined),
  ...roles,
];

/** The symbols of a column from the top down. */
export const symbolsIn = (column: PackColumn): readonly (PackSymbol | null)[] =>
  'symbol' in column ? [column] : column;
