/**
 * The water network of the simulated city as data: a looped trunk with pump station and floating tank, and four
 * looped district grids behind one metered inlet each. Metres, mm, L/s; heads in metres above sea level.
 */

export const districtIds = ['dma-1', 'dma-2', 'dma-3', 'dma-4'] as const;
export type DistrictId = (typeof districtIds)[number];

export const landUses = ['residential', 'commercial', 'industrial'] as const;
export type LandUse = (typeof landUses)[number];

/** A node; `x` east and `y` north of the city's origin. */
export interface Junction {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly elevationM: number;
  /** Undefined on the trunk, which supplies nobody directly. */
  readonly district: DistrictId | undefined;
  readonly use: LandUse;
  /** Mean consumption, L/s. */
  readonly demandLps: number;
  readonly hydrant: boolean;
}

export interface Pipe {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly lengthM: number;
  readonly diameterMm: number;
  /** Hazen–Williams C. */
  readonly roughness: number;
}

/** Metered inlet valve of a district: the flow through it is the district's inflow. */
interface InletValve {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly diameterMm: number;
}

/** A district and where its sensors stand. */
export interface District {
  readonly id: DistrictId;
  readonly inlet: InletValve;
  /** District that feeds this one; undefined when it hangs on the trunk. */
  readonly feed: DistrictId | undefined;
  /** Junctions of the pressure sensors: at the inlet, at the critical point, and two more. */
  readonly sensors: {
    readonly inlet: string;
    readonly critical: string;
    readonly second: string;
    readonly third: string;
  };
  /** Shares of land use, adding up to 1. */
  readonly shares: Readonly<Record<LandUse, number>>;
  readonly meanLps: number;
}

/** The whole network. */
export interface Network {
  readonly junctions: readonly Junction[];
  readonly pipes: readonly Pipe[];
  readonly districts: readonly District[];
}

/** Clear well of the works. */
export const works = { id: 'works', headM: 124, x: -3300, y: 1650 } as const;
/** Elevated tank floating on the trunk. */
export const tank = { id: 'tank', bottomM: 158, depthM: 8, diameterM: 30, x: 2350, y: 150 } as const;
/** Area of the tank's water surface, m². */
export const tankAreaM2 = (Math.PI / 4) * tank.diameterM ** 2;
/** Pump station: variable speed pumps in parallel between two headers. */
export const station = {
  suction: 'ps-in',
  discharge: 'ps-out',
  pumps: ['pump-1', 'pump-2', 'pump-3'],
  /** Head curve at full speed: [flow L/s, head m]. */
  curve: [
    [0, 66],
    [120, 51],
    [200, 26],
  ],
} as const;

interface Grid {
  readonly id: DistrictId;
  readonly feed: string;
  /** South-west corner. */
  readonly corner: readonly [number, number];
  /** Column and row of the node behind the meter. */
  readonly entry: readonly [number, number];
  readonly inletMm: number;
  /** Diameter of the row of the entry, which carries the district. */
  readonly spineMm: number;
  readonly meanLps: number;
  readonly shares: Readonly<Record<LandUse, number>>;
  /** Cells of the critical point and of the two other sensors. */
  readonly sensors: readonly [string, string, string];
}

const columns = 5;
const rows = 4;
const spacingM = 270;

const grids: readonly Grid[] = [
  {
    id: 'dma-1',
    feed: 't2',
    corner: [-1250, 1250],
    entry: [2, 0],
    inletMm: 300,
    spineMm: 250,
    meanLps: 47,
    shares: { residential: 0.85, commercial: 0.15, industrial: 0 },
    sensors: ['03', '43', '21'],
  },
  {
    id: 'dma-2',
    feed: 't3',
    corner: [500, 1050],
    entry: [1, 0],
    inletMm: 400,
    spineMm: 350,
    meanLps: 43,
    shares: { residential: 0.6, commercial: 0.4, industrial: 0 },
    sensors: ['03', '33', '12'],
  },
  {
    id: 'dma-3',
    feed: 't5',
    corner: [-1450, -2150],
    entry: [2, 3],
    inletMm: 300,
    spineMm: 250,
    meanLps: 54,
    shares: { residential: 0.35, commercial: 0.2, industrial: 0.45 },
    sensors: ['00', '40', '22'],
  },
  {
    id: 'dma-4',
    feed: 'dma-2-40',
    corner: [2050, 950],
    entry: [0, 0],
    inletMm: 300,
    spineMm: 250,
    meanLps: 37,
    shares: { residential: 0.9, commercial: 0.1, industrial: 0 },
    sensors: ['43', '41', '12'],
  },
];

const trunkPlaces: Readonly<Record<string, readonly [number, number]>> = {
  'ps-in': [-3120, 1600],
  'ps-out': [-3060, 1580],
  t1: [-1800, 950],
  t2: [-650, 700],
  t3: [750, 500],
  t4: [1900, 150],
  t5: [-850, -900],
  t6: [600, -950],
};

const trunkPipes: readonly (readonly [string, string, number])[] = [
  ['ps-out', 't1', 700],
  ['t1', 't2', 600],
  ['t2', 't3', 600],
  ['t3', 't4', 500],
  ['t1', 't5', 500],
  ['t5', 't6', 400],
  ['t6', 't4', 400],
  ['t2', 't5', 400],
  ['t3', 't6', 400],
];

/** Ground of the city: low near the river in the north-west, gently rolling. */
const groundM = (x: number, y: number) =>
  Math.round((123 + 2.2 * Math.sin(x / 1500) - 1.8 * Math.sin(y / 1300)) * 10) / 10;

/** A fixed irregularity in [0, 1) by place, so that the grid looks and loads like a town and never changes. */
function irregular(index: number): number {
  const value = Math.sin(index * 12.9898 + 4.1414) * 43758.5453;
  return value - Math.floor(value);
}

const distanceM = (a: Junction, b: Junction) => Math.round(Math.hypot(a.x - b.x, a.y - b.y) * 1.06);

/** Land use by running share, so that a district's shares come out in its junctions. */
function useOf(shares: Grid['shares'], position: number): LandUse {
  if (position < shares.industrial) return 'industrial';
  return position < shares.industrial + shares.commercial ? 'commercial' : 'residential';
}

function gridJunctions(grid: Grid, offset: number): Junction[] {
  const cells = Array.from({ length: columns * rows }, (_, cell) => cell);
  const weights = cells.map((cell) => 0.6 + 0.8 * irregular(offset + cell));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let position = 0;
  return cells.map((cell) => {
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    const x = Math.round(grid.corner[0] + column * spacingM + 70 * (irregular(offset + cell + 500) - 0.5));
    const y = Math.round(grid.corner[1] + row * spacingM + 70 * (irregular(offset + cell + 900) - 0.5));
    const share = (weights[cell] ?? 0) / total;
    const use = useOf(grid.shares, position + share / 2);
    position += share;
    return {
      id: `${grid.id}-${column}${row}`,
      x,
      y,
      elevationM: groundM(x, y),
      district: grid.id,
      use,
      demandLps: Math.round(grid.meanLps * share * 1000) / 1000,
      hydrant: cell % 3 === 1,
    };
  });
}

/** Diameter of the street main between two cells: spine row, main column, else distribution. */
function streetMm(grid: Grid, fromCell: readonly [number, number], alongRow: boolean): number {
  if (alongRow && fromCell[1] === grid.entry[1]) return grid.spineMm;
  if (!alongRow && fromCell[0] === grid.entry[0]) return 200;
  return alongRow ? 100 : 150;
}

function gridPipes(grid: Grid, at: (id: string) => Junction): Pipe[] {
  const pipes: Pipe[] = [];
  const lay = (from: readonly [number, number], to: readonly [number, number], alongRow: boolean) => {
    const a = at(`${grid.id}-${from[0]}${from[1]}`);
    const b = at(`${grid.id}-${to[0]}${to[1]}`);
    const id = `${grid.id}-${from.join('')}-${to.join('')}`;
    pipes.push({
      id,
      from: a.id,
      to: b.id,
      lengthM: distanceM(a, b),
      diameterMm: streetMm(grid, from, alongRow),
      roughness: 108,
    });
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // One street in seven away from the spine is missing, as in a real town.
      const gap = row !== grid.entry[1] && (column * 3 + row * 5) % 7 === 3;
      if (column + 1 < columns && !gap) lay([column, row], [column + 1, row], true);
      if (row + 1 < rows) lay([column, row], [column, row + 1], false);
    }
  }
  return pipes;
}

function trunkJunctions(): Junction[] {
  const bare = { district: undefined, use: 'residential', demandLps: 0, hydrant: false } as const;
  const places = Object.entries(trunkPlaces).map(([id, [x, y]]) => ({ id, x, y, elevationM: groundM(x, y), ...bare }));
  const inlets = grids.map((grid) => {
    const x = grid.corner[0] + grid.entry[0] * spacingM - 60;
    const y = grid.corner[1] + grid.entry[1] * spacingM + (grid.id === 'dma-3' ? 60 : -60);
    return { id: `${grid.id}-meter`, x, y, elevationM: groundM(x, y), ...bare };
  });
  return [...places, ...inlets];
}

/** Builds the network; always the same. */
export function cityNetwork(): Network {
  const junctions = [...trunkJunctions(), ...grids.flatMap((grid, index) => gridJunctions(grid, 1 + index * 40))];
  const byId = new Map(junctions.map((junction) => [junction.id, junction]));
  const at = (id: string) => {
    const junction = byId.get(id);
    if (!junction) throw new RangeError(`no junction ${id} in the network`);
    return junction;
  };
  const main = (from: string, to: string, diameterMm: number): Pipe => ({
    id: `${from}-${to}`,
    from,
    to,
    lengthM: distanceM(at(from), at(to)),
    diameterMm,
    roughness: 125,
  });
  const pipes = [
    ...trunkPipes.map(([from, to, diameterMm]) => main(from, to, diameterMm)),
    ...grids.map((grid) => main(grid.feed, `${grid.id}-meter`, grid.inletMm)),
    ...grids.flatMap((grid) => gridPipes(grid, at)),
  ];
  const districts = grids.map((grid): District => {
    const entry = `${grid.id}-${grid.entry.join('')}`;
    const [critical, second, third] = grid.sensors.map((cell) => `${grid.id}-${cell}`) as [string, string, string];
    return {
      id: grid.id,
      inlet: { id: `${grid.id}-valve`, from: `${grid.id}-meter`, to: entry, diameterMm: grid.inletMm },
      feed: districtIds.find((id) => grid.feed.startsWith(id)),
      sensors: { inlet: entry, critical, second, third },
      shares: grid.shares,
      meanLps: grid.meanLps,
    };
  });
  return { junctions, pipes, districts };
}
