import type { SiteLimit } from '../../edge/core/asset.ts';

/** By kind of limit, as `gateway.yaml` states them of an asset. */
export type SiteLimits = Readonly<Record<string, SiteLimit>>;

/**
 * Limits that belong to the plants of this city, by type of asset: tanks are 8 m high, regulators set to 2.5 kPa and the gate to
 * 0.35 MPa, 1,100 m³/h circulate (CJJ 34: make-up 0.5 % and 1 % of it).
 */
export const siteLimits: Readonly<Record<string, SiteLimits>> = {
  'water.tank': { 'level-high': { above: 7.6 }, 'level-low': { below: 1.2 } },
  'water.pump-station': { 'discharge-high': { above: 0.55 }, 'discharge-low': { below: 0.35 } },
  'heating.plant': {
    'makeup-high': { above: 5.5 },
    'makeup-excessive': { above: 11 },
    'return-pressure-low': { below: 0.25 },
  },
  'gas.city-gate': {
    'inlet-low': { below: 1.6 },
    'outlet-high': { above: 0.42 },
    'outlet-low': { below: 0.28 },
    'outlet-deviation': { above: 0.385, below: 0.315 },
  },
  'gas.regulator': {
    'outlet-high': { above: 3 },
    'outlet-low': { below: 2 },
    'regulator-creep': { above: 2.8 },
    'outlet-deviation': { above: 2.75, below: 2.25 },
    'inlet-low': { below: 0.2 },
  },
  'gallery.compartment': { 'water-ingress': { above: 0.95 }, flood: { above: 1.2 } },
  'power.feeder': { overload: { above: 400 } },
};
