import type { Wire } from './couplings.ts';

/** A consumer's distribution room: voltage and controllers' battery one way, its load the other. */
function supplied(room: string, consumer: string, factor = 1): readonly Wire[] {
  return [
    { kind: 'supply', from: `power/supply-${room}`, to: consumer, factor },
    { kind: 'control', from: `power/supply-${room}`, to: consumer },
    { kind: 'electric-load', from: consumer, to: `power/supply-${room}` },
  ];
}

const substations = Array.from({ length: 12 }, (_, index) => `sub-${index + 1}`);
const lightingCabinets = ['light-cab-1', 'light-cab-2', 'light-cab-3', 'light-cab-4', 'light-cab-5'];
/** Street lamps hang on transformers set one step of 2.5 % lower, since their cabinets count from the no-load voltage. */
const lampTap = 0.975;

/** What ties a gallery's compartments to the pipes in them. */
type Ties = (zone: string) => readonly Wire[];
const inGallery = (zones: readonly string[], ties: Ties): readonly Wire[] => zones.flatMap(ties);
const gasMain =
  (node: string): Ties =>
  (zone) => [
    { kind: 'gas-pressure', from: `gas/${node}`, to: `gallery/${zone}` },
    { kind: 'gas-leak', from: `gallery/${zone}`, to: `gas/${node}`, feeder: 'gas/gate-1' },
  ];
const heatPipe =
  (branch: string): Ties =>
  (zone) => [{ kind: 'pipe-temperature', from: `heating/${branch}`, to: `gallery/${zone}` }];

/** The wires of the default city: what reaches one utility from another. A wire that is taken out ends its cascade. */
export const cityWiring: readonly Wire[] = [
  ...supplied('ps-1', 'water/ps-1'),
  ...['dma-1', 'dma-2', 'dma-3', 'dma-4'].flatMap((id) => supplied(id, `water/${id}`)),
  ...supplied('heat-plant-1', 'heating/heat-plant-1'),
  ...substations.flatMap((id) => supplied(id, `heating/${id}`)),
  ...supplied('gate-1', 'gas/gate-1'),
  ...supplied('gallery-plc-1', 'gallery/gallery-plc-1'),
  ...supplied('gallery-plc-2', 'gallery/gallery-plc-2'),
  ...['lift-1', 'storm-1', 'up-1', 'up-2'].flatMap((id) => supplied(id, `drainage/${id}`)),
  ...lightingCabinets.flatMap((id) => supplied(id, `lighting/${id}`, lampTap)),

  // A burst under Xuefu Road washes its way along the trench into the gallery.
  { kind: 'water-leak', from: 'water/dma-3', to: 'gallery/zone-8', factor: 0.03 },
  // The branch to the Wenchang substation runs through the first compartment; a break there sprays into it.
  { kind: 'heat-release', from: 'heating/sub-2', to: 'gallery/zone-1', factor: 0.02 },
  { kind: 'steam', from: 'heating/sub-2', to: 'gallery/zone-1', factor: 0.02 },
  { kind: 'water-leak', from: 'heating/sub-2', to: 'gallery/zone-1', factor: 0.02 },
  // A main broken in Hexing Road vents into the open for the most part; a little follows the ducts into the gallery.
  { kind: 'gas-leak', from: 'gas/gas-d2', to: 'gallery/zone-3', factor: 0.02 },
  // Of a main broken in Baojian Road, a little gas follows the house drains into the sewer below.
  { kind: 'gas-leak', from: 'gas/gas-d4', to: 'drainage/mh-1', factor: 0.003 },
  // What bursts out of water mains runs down the gullies for the most part where the sewers are combined.
  { kind: 'water-leak', from: 'water/dma-1', to: 'drainage/mh-3', factor: 0.5 },
  // The gas mains in the galleries belong to the medium-pressure network, their heat pipes to the heating network.
  ...inGallery(['zone-4', 'zone-5', 'zone-6'], gasMain('n10')),
  ...inGallery(['zone-10', 'zone-11', 'zone-12'], gasMain('n9')),
  ...inGallery(['zone-1', 'zone-2', 'zone-3'], heatPipe('sub-2')),
  ...inGallery(['zone-7', 'zone-8', 'zone-9'], heatPipe('sub-1')),
  // Firemen at a fire in the gallery take their water from the hydrants of the street above.
  ...['zone-1', 'zone-2', 'zone-3', 'zone-7', 'zone-8', 'zone-9'].map((zone): Wire => {
    return { kind: 'hydrant-use', from: `gallery/${zone}`, to: 'water/dma-3' };
  }),
  // Cold houses freeze their risers.
  { kind: 'room-temperature', from: 'heating/sub-2', to: 'water/dma-1' },
  { kind: 'room-temperature', from: 'heating/sub-3', to: 'water/dma-2' },
  { kind: 'room-temperature', from: 'heating/sub-4', to: 'water/dma-3' },
  { kind: 'room-temperature', from: 'heating/sub-5', to: 'water/dma-3' },
  { kind: 'room-temperature', from: 'heating/sub-6', to: 'water/dma-4' },
];
