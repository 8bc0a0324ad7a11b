import { overMidnight } from '../city/customs.ts';
import { dayFactor, meanCourse } from './course.ts';
import type { NetworkSettings } from './network-file/plant.ts';
import type { NetworkFile } from './network-file/source.ts';

/** Grid of streets in each of the two zones. */
const columns = 5;
const rows = 4;
const spacingM = 280;
const meanLps = { upper: 30, lower: 26 } as const;
/** Share of residential customers; the others are shops and offices. */
const residential = 0.75;
/** Outdoor temperature of the patterns, °C: below that at which people water and shower more. */
const mildC = 15;
/** Minimum and maximum level, depth of the tank's water at the beginning and diameter, m. */
const tank = { bottomM: 170, startM: 4.6, depthM: 8, diameterM: 20 } as const;
/** Head of the second works' clear well, m. */
const worksM = 134;
const reducedM = 34;
/** Where the works, the headers of its station, the tank and the valve between the zones lie, m. */
const places: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ...{ 'works-2': [-260, -280], songbei: [120, -280], header: [220, -230] },
  ...{ terrace: [560, 1120], reduced: [1300, -140] },
};

type Zone = keyof typeof meanLps;
const cells = Array.from(
  { length: columns * rows },
  (_, cell) => [cell % columns, Math.floor(cell / columns)] as const,
);
const at = (zone: Zone, column: number, row: number) => `${zone}-${column}${row}`;
/** The upper zone lies on a terrace that rises to the north, the lower one along the river. */
const groundM = (zone: Zone, row: number) => (zone === 'upper' ? 130 + 1.5 * row : 118 - 0.8 * row);

/** A week's demand by the hour from Monday on, in the courses of the default city; a pattern knows no holidays. */
function weekPattern(name: string, use: 'residential' | 'commercial'): string[] {
  return Array.from({ length: 7 }, (_, day) => {
    const factorOf = (daysAfter: number) => dayFactor(use, { weekday: (day + 8 + daysAfter) % 7, holiday: undefined });
    const hours = Array.from({ length: 24 }, (__, hour) =>
      meanCourse(use, hour + 0.5, overMidnight(hour + 0.5, factorOf), mildC).toFixed(3),
    );
    return `${name} ${hours.join(' ')}`;
  });
}

function zoneJunctions(zone: Zone): string[] {
  return cells.map(([column, row]) => `${at(zone, column, row)} ${groundM(zone, row).toFixed(1)} 0`);
}

function zoneDemands(zone: Zone): string[] {
  const mean = meanLps[zone] / cells.length;
  return cells.flatMap(([column, row]) => {
    const lps = mean * (0.7 + (0.6 * ((column * 7 + row * 5) % 11)) / 10);
    const node = at(zone, column, row);
    return [`${node} ${(residential * lps).toFixed(3)} homes`, `${node} ${((1 - residential) * lps).toFixed(3)} shops`];
  });
}

function zonePipes(zone: Zone): string[] {
  const pipe = (from: string, to: string, mm: number) => `${from}_${to} ${from} ${to} ${spacingM} ${mm} 110 0 Open`;
  return cells.flatMap(([column, row]) => [
    ...(column + 1 < columns ? [pipe(at(zone, column, row), at(zone, column + 1, row), row === 0 ? 300 : 150)] : []),
    ...(row + 1 < rows ? [pipe(at(zone, column, row), at(zone, column, row + 1), column === 2 ? 200 : 150)] : []),
  ]);
}

/**
 * The new town across the river, which a works and pump station of its own supply: an upper zone with a floating tank,
 * and behind a pressure reducing valve a lower one along the river. An EPANET file as a user's would be.
 */
export function newTownInp(): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [
      'JUNCTIONS',
      ['songbei 128 0', 'header 128 0', 'reduced 118 0', ...zoneJunctions('upper'), ...zoneJunctions('lower')],
    ],
    ['RESERVOIRS', [`works-2 ${worksM}`]],
    ['TANKS', [`terrace ${tank.bottomM} ${tank.startM} 0 ${tank.depthM} ${tank.diameterM} 0`]],
    [
      'PIPES',
      [
        'intake works-2 songbei 60 600 120 0 Open',
        `rising header ${at('upper', 2, 0)} 900 450 120 0 Open`,
        `terrace-main ${at('upper', 2, 3)} terrace 350 350 120 0 Open`,
        `lower-main reduced ${at('lower', 2, 0)} 700 300 120 0 Open`,
        ...zonePipes('upper'),
        ...zonePipes('lower'),
      ],
    ],
    ['PUMPS', ['town-1 songbei header HEAD lift', 'town-2 songbei header HEAD lift']],
    ['VALVES', [`reducer ${at('upper', 4, 0)} reduced 250 PRV ${reducedM} 0`]],
    ['DEMANDS', [...zoneDemands('upper'), ...zoneDemands('lower')]],
    ['STATUS', ['town-2 Closed']],
    ['PATTERNS', [...weekPattern('homes', 'residential'), ...weekPattern('shops', 'commercial')]],
    ['CURVES', ['lift 0 62', 'lift 70 50', 'lift 120 28']],
    ['QUALITY', ['works-2 0.75']],
    ['REACTIONS', ['Global Bulk -0.5', 'Global Wall 0']],
    ['TIMES', ['Duration 168:00', 'Hydraulic Timestep 0:05', 'Quality Timestep 0:05', 'Pattern Timestep 1:00']],
    ['OPTIONS', ['Units LPS', 'Headloss H-W', 'Quality Chlorine mg/L', 'Demand Model PDA', 'Required Pressure 28']],
    [
      'COORDINATES',
      [
        ...Object.entries(places).map(([node, [x, y]]) => `${node} ${x} ${y}`),
        ...(['upper', 'lower'] as const).flatMap((zone) =>
          cells.map(([column, row]) => {
            const south = zone === 'upper' ? 0 : -(rows + 1) * spacingM;
            return `${at(zone, column, row)} ${column * spacingM} ${south + row * spacingM}`;
          }),
        ),
      ],
    ],
    ['VERTICES', ['lower-main 1300 -1540', 'lower-main 560 -1540']],
  ];
  return `${sections.map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`).join('\n')}\n[END]\n`;
}

/** The new town across the river: counted on from the old one, its station's pressure held by variable speed. */
export const newTownSettings: NetworkSettings = {
  first: { station: 2, tank: 2, source: 2, district: 5 },
  map: { centre: [126.578, 45.766], sideDegrees: 0.03 },
  drives: { 'ps-2': { heldM: 48, dropLps: 75 } },
  telemetry: true,
};

export const newTownFile = (): NetworkFile => ({
  name: 'new-town.inp',
  bytes: new TextEncoder().encode(newTownInp()),
});
