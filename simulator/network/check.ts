import type { LifelineError } from '../../edge/core/errors.ts';
import { suggest } from '../../edge/core/suggest.ts';
import { networkErrors } from './errors.ts';
import type { Network } from './format.ts';

/** Something wrong with a network whose shape is right; `path` leads to its place in the file. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly error: LifelineError;
  readonly fix?: string;
}

const linkLists = ['pipes', 'valves', 'pumps', 'regulators'] as const;

/** Everything wrong in a network that its schema cannot see: names, doubles, figures against each other. */
export function checkNetwork(network: Network): Fault[] {
  const faults = [...doubles(network), ...strangers(network), ...figures(network), ...keepers(network)];
  if (network.fixed.length > 0) return faults;
  return [...faults, { path: ['fixed'], error: networkErrors.create('UNFED', 'no node has a fixed pressure') }];
}

/** Ids that come twice in one list. */
function doubles(network: Network): Fault[] {
  return (['nodes', ...linkLists] as const).flatMap((list) => {
    const seen = new Set<string>();
    return network[list].flatMap(({ id }, index): Fault[] => {
      if (seen.has(id)) {
        return [{ path: [list, index, 'id'], error: networkErrors.create('DUPLICATE', `"${id}" is there twice`) }];
      }
      seen.add(id);
      return [];
    });
  });
}

/** Nodes that are named but not there, and links that lead back to where they begin. */
function strangers(network: Network): Fault[] {
  const known = new Set(network.nodes.map(({ id }) => id));
  const stranger = (id: string, path: Fault['path']): Fault[] => {
    if (known.has(id)) return [];
    const meant = suggest(id, known);
    const error = networkErrors.create('NODE', `there is no node "${id}"`);
    return [{ path, error, ...(meant ? { fix: `did you mean "${meant}"?` } : {}) }];
  };
  const links = linkLists.flatMap((list) =>
    network[list].flatMap(({ id, from, to }, index) => {
      const ends = [...stranger(from, [list, index, 'from']), ...stranger(to, [list, index, 'to'])];
      if (ends.length > 0 || from !== to) return ends;
      return [
        { path: [list, index, 'to'], error: networkErrors.create('LOOP', `"${id}" begins and ends at "${from}"`) },
      ];
    }),
  );
  const ends = (['fixed', 'flows'] as const).flatMap((list) =>
    network[list].flatMap(({ node }, index) => stranger(node, [list, index, 'node'])),
  );
  return [...links, ...ends];
}

/** Figures that no formula can take. */
function figures(network: Network): Fault[] {
  const figure = (path: Fault['path'], message: string, fix?: string): Fault => ({
    path,
    error: networkErrors.create('FIGURE', message),
    ...(fix ? { fix } : {}),
  });
  const { fluid, friction, thermal, ambientPressureBar, pipes, pumps, fixed, regulators } = network;
  const rough = pipes.flatMap(({ diameterM, roughnessMm, lengthM }, index) => {
    const path = ['pipes', index, 'roughnessMm'];
    if (roughnessMm / 1000 >= diameterM / 2) {
      return [figure(path, `roughness ${roughnessMm} mm fills a pipe of ${diameterM} m`, 'roughness is in mm')];
    }
    if (friction !== 'nikuradse' || roughnessMm > 0 || lengthM === 0) return [];
    return [figure(path, 'Nikuradse’s law knows no smooth pipe', 'give a roughness, or take "friction": "colebrook"')];
  });
  const rising = pumps.flatMap(({ id, curve }, index) => {
    const flows = new Set(curve.map(({ flowM3H }) => flowM3H));
    if (flows.size === curve.length) return [];
    return [figure(['pumps', index, 'curve'], `the curve of "${id}" has two points at the same flow`)];
  });
  const vacuum = [
    ...fixed.map(({ pressureBar }, index) => ({ bar: pressureBar, path: ['fixed', index, 'pressureBar'] })),
    ...regulators.map(({ setBar }, index) => ({ bar: setBar, path: ['regulators', index, 'setBar'] })),
  ].flatMap(({ bar, path }) => {
    if (bar > -ambientPressureBar) return [];
    return [figure(path, `${bar} bar gauge is below vacuum`, 'pressures are gauge, against the air')];
  });
  const cold = thermal && fluid.heatCapacityJKgK === undefined;
  return [
    ...rough,
    ...rising,
    ...vacuum,
    ...(cold ? [figure(['fluid', 'heatCapacityJKgK'], '"thermal" needs the heat capacity of the fluid')] : []),
  ];
}

/** Nodes whose pressure is held twice. */
function keepers(network: Network): Fault[] {
  const held = new Map<string, string>();
  const hold = (node: string, by: string, path: Fault['path']): Fault[] => {
    const before = held.get(node);
    held.set(node, before ?? by);
    if (before === undefined) return [];
    return [
      { path, error: networkErrors.create('CONFLICT', `${before} and ${by} both hold the pressure of "${node}"`) },
    ];
  };
  return [
    ...network.fixed.flatMap(({ node }, index) => hold(node, `fixed[${index}]`, ['fixed', index, 'node'])),
    ...network.regulators.flatMap(({ id, to }, index) => hold(to, `regulator "${id}"`, ['regulators', index, 'to'])),
  ];
}
