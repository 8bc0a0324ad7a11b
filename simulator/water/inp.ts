import { landUses, type Network, station, tank, works } from './network.ts';

/** Demand pattern of a district's land use; its single value is set live by the plant. */
export const patternId = (district: string, use: string): string => `${district}:${use}`;

/**
 * The network as an EPANET 2.2 input file: L/s, metres, Hazen–Williams, pressure-driven demand with 28 m required
 * for six floors (GB 50013), emitter exponent 0.5. No controls and no rules: the PLC is the only one who acts.
 */
export function networkInp(network: Network): string {
  const section = (name: string, lines: readonly string[]) => `[${name}]\n${lines.join('\n')}\n`;
  const patterns = network.districts.flatMap((district) => landUses.map((use) => `${patternId(district.id, use)} 1`));
  return [
    section('TITLE', ['Simulated city, water']),
    section(
      'JUNCTIONS',
      network.junctions.map((junction) => {
        const pattern = junction.district ? patternId(junction.district, junction.use) : '';
        return `${junction.id} ${junction.elevationM} ${junction.demandLps} ${pattern}`;
      }),
    ),
    section('RESERVOIRS', [`${works.id} ${works.headM}`]),
    section('TANKS', [`${tank.id} ${tank.bottomM} ${tank.depthM / 2} 0 ${tank.depthM} ${tank.diameterM} 0 * YES`]),
    section('PIPES', [
      `suction ${works.id} ${station.suction} 60 900 130 0 Open`,
      `tank-main t4 ${tank.id} 450 500 125 0 Open`,
      ...network.pipes.map(
        (pipe) => `${pipe.id} ${pipe.from} ${pipe.to} ${pipe.lengthM} ${pipe.diameterMm} ${pipe.roughness} 0 Open`,
      ),
    ]),
    section(
      'PUMPS',
      station.pumps.map((pump) => `${pump} ${station.suction} ${station.discharge} HEAD pump SPEED 1`),
    ),
    section(
      'VALVES',
      network.districts.map(({ inlet }) => `${inlet.id} ${inlet.from} ${inlet.to} ${inlet.diameterMm} TCV 0.5 0`),
    ),
    section('PATTERNS', patterns),
    section(
      'CURVES',
      station.curve.map(([flow, head]) => `pump ${flow} ${head}`),
    ),
    section('TIMES', ['Duration 0', 'Hydraulic Timestep 1:00']),
    section('OPTIONS', [
      'Units LPS',
      'Headloss H-W',
      'Demand Model PDA',
      'Minimum Pressure 0',
      'Required Pressure 28',
      'Pressure Exponent 0.5',
      'Emitter Exponent 0.5',
      'Trials 100',
      'Accuracy 0.00001',
      'Unbalanced Continue 10',
    ]),
    section(
      'COORDINATES',
      [...network.junctions, works, tank].map(({ id, x, y }) => `${id} ${x} ${y}`),
    ),
    '[END]\n',
  ].join('\n');
}
