import { seededRandom } from '../../../edge/core/random.ts';
import type { NetworkFile } from '../../../simulator/water/network-file/source.ts';

/** How a generated network looks; what is left out takes the plain form. */
export interface Shape {
  readonly columns: number;
  readonly rows: number;
  /** Streets beyond a spanning tree, as a share of those that a full grid has. */
  readonly loops?: number;
  readonly units?: 'LPS' | 'CMH' | 'GPM' | 'MGD' | 'CFS';
  readonly headloss?: 'H-W' | 'D-W' | 'C-M';
  readonly supply?: 'gravity' | 'power' | 'one-point' | 'three-point' | 'many-points';
  readonly tanks?: number;
  /** Valve of this type in the middle of the grid, on the only way between its halves. */
  readonly valve?: 'PRV' | 'FCV' | 'TCV' | 'PSV' | 'GPV';
  readonly chlorine?: boolean;
  readonly controls?: readonly string[];
  readonly rules?: readonly string[];
  /** Courses of the pump's speed over a day, twelve figures. */
  readonly speeds?: readonly number[];
  readonly style?: 'plain' | 'shuffled' | 'tabs';
  readonly prefix?: string;
}

const metresPerFoot = 0.3048;
/** As EPANET has it: 0.4333 psi per foot of water. */
const psiPerMetre = 0.4333 / metresPerFoot;
const flowPerLps = { LPS: 1, CMH: 3.6, GPM: 15.850323, MGD: 0.0228245, CFS: 0.0353147 } as const;

/** A town on a grid with a source in its south-west, as an EPANET file; the same seed gives the same town. */
export function townInp(seed: number, shape: Shape): string {
  const { columns, rows, loops = 0.4, units = 'LPS', headloss = 'H-W', supply = 'gravity' } = shape;
  const { tanks = 0, chlorine = false, style = 'plain', prefix = 'J' } = shape;
  const random = seededRandom(seed, 'town');
  const us = units !== 'LPS' && units !== 'CMH';
  const metre = us ? 1 / metresPerFoot : 1;
  const millimetre = us ? 1 / 25.4 : 1;
  const flow = flowPerLps[units];
  const roughness = { 'H-W': () => random.integer(90, 140), 'D-W': () => (us ? 1 : 0.3), 'C-M': () => 0.012 }[headloss];
  const name = (column: number, row: number) => `${prefix}${column}-${row}`;
  const total = columns * rows;
  const meanLps = Math.min(0.6, 180 / total);
  const round = (value: number) => Number(value.toPrecision(7));

  const junctions: string[] = [];
  const coordinates: string[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const elevation = 20 + 8 * Math.sin(column / 5) + 6 * Math.cos(row / 4);
      const demand = meanLps * (0.5 + random.next()) * flow;
      junctions.push(`${name(column, row)} ${round(elevation * metre)} ${round(demand)} day`);
      coordinates.push(`${name(column, row)} ${column * 100} ${row * 100}`);
    }
  }

  const pipes: string[] = [];
  const middle = shape.valve ? Math.floor(columns / 2) : -1;
  const pipe = (from: string, to: string, diameterMm: number) =>
    pipes.push(
      `P${pipes.length} ${from} ${to} ${round((80 + 60 * random.next()) * metre)} ${round(diameterMm * millimetre)} ${roughness()} 0 Open`,
    );
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const main = row === 0 ? 500 : column % 5 === 0 ? 300 : 200;
      const cut = column + 1 === middle;
      if (column + 1 < columns && !cut && (row === 0 || random.next() < loops))
        pipe(name(column, row), name(column + 1, row), main);
      if (row + 1 < rows) pipe(name(column, row), name(column, row + 1), column % 5 === 0 ? 300 : 200);
    }
  }

  const head = 20 + (supply === 'gravity' ? 55 : 5);
  const nominal = meanLps * total * 1.3 * flow;
  const point = (share: number, metres: number) => `lift ${round(nominal * share)} ${round(metres * metre)}`;
  const curves: string[] = {
    gravity: [] as string[],
    power: [] as string[],
    'one-point': [point(1, 45)],
    'three-point': [point(0, 60), point(1, 45), point(2, 20)],
    'many-points': [point(0, 60), point(0.5, 55), point(1, 45), point(1.5, 32), point(2, 15)],
  }[supply];
  const kilowatts = (9.81 * meanLps * total * 1.3 * 45) / 1000 / 0.75;
  const pumps =
    supply === 'gravity'
      ? []
      : [
          `PU1 source in ${supply === 'power' ? `POWER ${round(us ? kilowatts / 0.7457 : kilowatts)}` : 'HEAD lift'}${shape.speeds ? ' PATTERN speed' : ''}`,
        ];
  if (supply === 'gravity') pipe('source', 'in', 700);
  pipe('in', name(0, 0), 600);
  junctions.push(`in ${round(22 * metre)} 0`);

  const tankLines = Array.from({ length: tanks }, (_, index) => {
    const at = name(columns - 1 - (index % columns), rows - 1);
    pipe(`T${index + 1}`, at, 300);
    return `T${index + 1} ${round(58 * metre)} ${round(3 * metre)} ${round(0.5 * metre)} ${round(6 * metre)} ${round(18 * metre)} 0`;
  });
  const settings = {
    PRV: round(us ? 32 * psiPerMetre : 32),
    PSV: round(us ? 10 * psiPerMetre : 10),
    FCV: round(nominal),
    TCV: 12,
    GPV: 'loss',
  } as const;
  const valves = shape.valve
    ? [
        `V1 ${name(middle - 1, 0)} ${name(middle, 0)} ${round(400 * millimetre)} ${shape.valve} ${settings[shape.valve]} 0`,
      ]
    : [];
  if (shape.valve === 'GPV') curves.push(`loss 0 0`, `loss ${round(nominal)} ${round(3 * metre)}`);

  const sections: (readonly [string, readonly string[]])[] = [
    ['JUNCTIONS', junctions],
    ['RESERVOIRS', [`source ${round(head * metre)}`]],
    ['TANKS', tankLines],
    ['PIPES', pipes],
    ['PUMPS', pumps],
    ['VALVES', valves],
    [
      'PATTERNS',
      [
        ...['day 0.5 0.4 0.5 1.1 1.3 1.1', 'day 1.2 1.0 1.1 1.5 1.4 0.9'],
        ...(shape.speeds ? [`speed ${shape.speeds.join(' ')}`] : []),
      ],
    ],
    ['CURVES', curves],
    ['CONTROLS', shape.controls ?? []],
    ['RULES', shape.rules ?? []],
    ['QUALITY', chlorine ? ['source 0.8'] : []],
    ['REACTIONS', chlorine ? ['Global Bulk -0.5', 'Global Wall 0'] : []],
    ['TIMES', ['Duration 24:00', 'Hydraulic Timestep 1:00', 'Pattern Timestep 2:00', 'Quality Timestep 0:05']],
    ['OPTIONS', [`Units ${units}`, `Headloss ${headloss}`, ...(chlorine ? ['Quality Chlorine mg/L'] : [])]],
    ['COORDINATES', coordinates],
  ];
  return laidOut(style, seed, sections);
}

function laidOut(
  style: Shape['style'],
  seed: number,
  sections: readonly (readonly [string, readonly string[]])[],
): string {
  if (style === 'plain')
    return `${sections.map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`).join('\n')}[END]\n`;
  const random = seededRandom(seed, 'style');
  const order = style === 'shuffled' ? sections.toSorted(() => (random.next() < 0.5 ? -1 : 1)) : sections;
  return order
    .map(([name, lines]) => {
      const rows = lines.map((line) => `  ${line.replaceAll(' ', '\t  ')}\t; drawn ${random.integer(1, 99)}`);
      return `; ---- ${name} ----\r\n[${name.charAt(0)}${name.slice(1).toLowerCase()}]\r\n;ID\tvalues\r\n${rows.join('\r\n')}\r\n\r\n`;
    })
    .join('');
}

/** A text as the file that a user hands in. */
export const fileOf = (name: string, text: string): NetworkFile => ({ name, bytes: new TextEncoder().encode(text) });

/** A tree of a dozen junctions whose ids are Chinese, in GBK: the two characters are bytes C6 BD and B7 BF. */
export function gbkFile(): NetworkFile {
  const text = townInp(5, { columns: 4, rows: 3, loops: 0, prefix: '@@' });
  const bytes = [...text].flatMap((character) => (character === '@' ? [0xc6, 0xbd] : [character.charCodeAt(0)]));
  return { name: 'gbk.inp', bytes: Uint8Array.from(bytes) };
}

/** Every kind of network that the tests run for a day, by what it shows. */
export const towns: Readonly<Record<string, NetworkFile>> = {
  'a looped grid by gravity': fileOf('grid.inp', townInp(1, { columns: 8, rows: 6 })),
  'a tree': fileOf('tree.inp', townInp(2, { columns: 9, rows: 5, loops: 0 })),
  'three tanks and a pump of three points': fileOf(
    'tanks.inp',
    townInp(3, {
      columns: 10,
      rows: 6,
      tanks: 3,
      supply: 'three-point',
      controls: ['LINK PU1 CLOSED IF NODE T1 ABOVE 5.5', 'LINK PU1 OPEN IF NODE T1 BELOW 2'],
    }),
  ),
  'a pump of constant power': fileOf('power.inp', townInp(4, { columns: 6, rows: 6, supply: 'power', tanks: 1 })),
  'a pump of one point in US units, psi': fileOf(
    'gpm.inp',
    townInp(6, {
      columns: 7,
      rows: 5,
      units: 'GPM',
      supply: 'one-point',
      tanks: 1,
      chlorine: true,
      controls: ['LINK PU1 CLOSED IF NODE T1 ABOVE 18', 'LINK PU1 OPEN IF NODE T1 BELOW 8'],
    }),
  ),
  'a pump of many points, cubic metres per hour': fileOf(
    'cmh.inp',
    townInp(7, { columns: 7, rows: 5, units: 'CMH', supply: 'many-points', tanks: 1 }),
  ),
  'a pressure reducing valve, Darcy–Weisbach': fileOf(
    'prv.inp',
    townInp(8, { columns: 10, rows: 4, valve: 'PRV', headloss: 'D-W' }),
  ),
  'a flow control valve, Chezy–Manning': fileOf(
    'fcv.inp',
    townInp(9, { columns: 10, rows: 4, valve: 'FCV', headloss: 'C-M' }),
  ),
  'a throttle valve in cubic feet per second': fileOf(
    'tcv.inp',
    townInp(10, { columns: 10, rows: 4, valve: 'TCV', units: 'CFS' }),
  ),
  'a valve with a curve, millions of gallons': fileOf(
    'gpv.inp',
    townInp(11, { columns: 10, rows: 4, valve: 'GPV', units: 'MGD' }),
  ),
  'a pressure sustaining valve with chlorine': fileOf(
    'psv.inp',
    townInp(12, { columns: 10, rows: 4, valve: 'PSV', chlorine: true }),
  ),
  'sections in another order, comments, tabs, CR LF': fileOf(
    'shuffled.inp',
    townInp(13, { columns: 6, rows: 4, tanks: 1, style: 'shuffled' }),
  ),
  'tabs and comments after values': fileOf(
    'tabs.inp',
    townInp(14, { columns: 6, rows: 4, style: 'tabs', valve: 'PRV' }),
  ),
  'Chinese ids in GBK': gbkFile(),
  'two junctions': fileOf('small.inp', townInp(15, { columns: 1, rows: 1 })),
};
