import { expect, it } from 'vitest';
import { IncidentBook } from '../../edge/alarms/incidents/incident-book.ts';
import { Topology } from '../../edge/alarms/incidents/topology.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { loadPacks } from '../../edge/config/packs.ts';
import { packAssetOf } from '../../edge/core/pack.ts';

const { packs } = await loadPacks('models');

/** What the packs know of: assets by id with their types, and what feeds what. */
const types: Readonly<Record<string, string>> = {
  'feeder-1': 'power.feeder',
  'up-1': 'drainage.underpass',
  'transformer-1': 'power.transformer',
  'bus-1': 'power.bus',
  'light-cab-1': 'gateway.device',
  'circuit-1': 'lighting.circuit',
  'reg-1': 'gas.regulator',
  'gas-d1': 'gas.district',
  'zone-1': 'gallery.compartment',
};
const feeds = new Map([
  ['transformer-1', ['bus-1']],
  ['feeder-1', ['up-1', 'light-cab-1']],
  ['light-cab-1', ['circuit-1']],
  ['reg-1', ['gas-d1']],
]);
const instruments = packs.get('instrument')?.assets['tag']?.alarms;

type Said = readonly [afterS: number, claim: string, tag?: string, from?: string];

/** Roots of the incidents that the packs make of what was said. */
function rootsOf(...all: readonly Said[]): readonly string[] {
  const catalogue = {
    topology: new Topology(feeds),
    subject: (id: string) => ({ id, name: id, utility: 'water', grid: '', location: undefined }),
    alarm: (asset: string, kind: string) => packAssetOf(packs, types[asset] ?? '')?.alarms[kind] ?? instruments?.[kind],
  };
  const register = new AlarmRegister(catalogue);
  const book = new IncidentBook(catalogue);
  for (const [afterS, claim, tag = claim, from = 'limit'] of all) {
    const [asset = '', kind = ''] = claim.split('/');
    const evidence = [{ tag, observed: 1, expected: 0, unit: '', windowS: 0 }];
    const finding = { asset, kind, from, active: true, score: 1, time: afterS * 1000, evidence };
    for (const change of register.take(finding)) book.take(change);
  }
  return book.current().map(({ root }) => root);
}

it.each<readonly [title: string, said: readonly Said[], root: string]>([
  [
    'a blown fuse, which takes power and leakage of its phase along, and no stolen cable',
    [
      [171, 'circuit-1/phase-loss'],
      [216, 'circuit-1/cable-theft'],
      [266, 'circuit-1/lamp-failure'],
    ],
    'circuit-1/phase-loss',
  ],
  [
    'a blown fuse, where the theft that it looks like is told first',
    [
      [31, 'circuit-1/cable-theft'],
      [171, 'circuit-1/phase-loss'],
    ],
    'circuit-1/phase-loss',
  ],
  [
    'a flood whose pumps have no supply, however long the loss of the mains was waited with',
    [
      [304, 'up-1/underpass-flood'],
      [676, 'up-1/road-flooded'],
      [901, 'up-1/mains-lost'],
    ],
    'up-1/underpass-flood',
  ],
  [
    'a line that has tripped, of the flood under the road that it feeds',
    [
      [0, 'feeder-1/feeder-trip'],
      [300, 'up-1/underpass-flood'],
    ],
    'feeder-1/feeder-trip',
  ],
  [
    'a transformer that has tripped, of the dip that its bus has until the tie is closed',
    [
      [0, 'transformer-1/transformer-trip'],
      [6, 'bus-1/voltage-dip'],
    ],
    'transformer-1/transformer-trip',
  ],
  [
    'a line that has tripped, of the device in a cabinet whose battery is empty after a while',
    [
      [0, 'feeder-1/feeder-trip'],
      [960, 'light-cab-1/lost', 'light-cab-1/lost', 'gateway'],
      [990, 'circuit-1/bad-data', 'light-cab-1/power'],
    ],
    'feeder-1/feeder-trip',
  ],
  [
    'a broken main that takes the outlet of its station along',
    [
      [3, 'gas-d1/third-party-damage'],
      [5, 'reg-1/outlet-low'],
      [120, 'reg-1/outlet-deviation'],
    ],
    'gas-d1/third-party-damage',
  ],
  [
    'a slow meter, whose leap is told before',
    [
      [131, 'reg-1/bias', 'rtu/flow', 'instrument'],
      [240, 'reg-1/meter-drift', 'rtu/flow', 'residual'],
    ],
    'reg-1/meter-drift',
  ],
  [
    'a signal that is noisy, of the spikes that it begins with',
    [
      [481, 'zone-1/spikes', 'plc/cable', 'instrument'],
      [721, 'zone-1/noise', 'plc/cable', 'instrument'],
    ],
    'zone-1/noise',
  ],
  [
    'a hot joint, whose leap is told before',
    [
      [131, 'zone-1/bias', 'plc/cable', 'instrument'],
      [240, 'zone-1/hot-joint', 'plc/cable', 'residual'],
    ],
    'zone-1/hot-joint',
  ],
])('the packs take for the cause %s', (_, said, root) => {
  expect(rootsOf(...said)).toEqual([root]);
});

it('the packs do not take an earth on a 10 kV line for the cause of a fuse that blew in a cabinet below', () => {
  const roots = rootsOf([0, 'circuit-1/phase-loss'], [540, 'feeder-1/earth-fault']);
  expect([...roots].sort()).toEqual(['circuit-1/phase-loss', 'feeder-1/earth-fault']);
});
