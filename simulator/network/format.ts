import { z } from 'zod';
import { frictionLaws } from './friction.ts';

/** What a `format` key must say. */
export const networkFormat = 'lifeline-network/1';

const finite = z.number();
const positive = finite.positive();
const atLeastNone = finite.nonnegative();
const id = z.string().min(1).max(200).describe('name, distinct within the list');
const temperature = finite.min(100).max(2000);
const label = z.string().optional().describe('for people; not used');

const compressibility = z.union([
  positive.describe('a factor for all pressures'),
  z.object({
    offset: positive.describe('the factor at vacuum'),
    slopePerBar: finite.describe('its change per bar of mean absolute pressure'),
  }),
]);

const fluid = z.object({
  kind: z.enum(['gas', 'liquid', 'water']).describe('`water` is a liquid; a liquid has the same density everywhere'),
  densityKgM3: positive.describe('kg/m³; of a gas at 273.15 K and 1.01325 bar absolute'),
  viscosityPaS: positive.describe('dynamic viscosity, Pa·s'),
  heatCapacityJKgK: positive.optional().describe('J/(kg·K); needed when `thermal`'),
  compressibility: compressibility.default(1).describe('of a gas: Z = p/(ρ R T), a number or {offset, slopePerBar}'),
});

const node = z.object({
  id,
  heightM: finite.min(-10_000).max(10_000).default(0).describe('above the datum of `ambientPressureBar`, m'),
  temperatureK: temperature.default(283.15).describe('of a gas here; of what flows in where no other is stated, K'),
  name: label,
  x: finite.optional().describe('for maps'),
  y: finite.optional().describe('for maps'),
});

const link = { id, from: id.describe('node'), to: id.describe('node') };
const lossCoefficient = atLeastNone.default(0).describe('sum of local losses ζ on the velocity head');
const open = z.boolean().default(true).describe('false carries nothing');

const pipe = z.object({
  ...link,
  lengthM: atLeastNone.describe('m'),
  diameterM: positive.max(100).describe('inner diameter, m'),
  roughnessMm: atLeastNone.describe('absolute roughness k, mm'),
  lossCoefficient,
  heatTransferWM2K: atLeastNone.default(0).describe('by the area of the inner wall, W/(m²·K)'),
  ambientK: temperature.default(283.15).describe('of what is around the pipe, K'),
  sections: z.int().min(1).max(10_000).default(1).describe('parts that the temperature is worked out for'),
  open,
  name: label,
});

const valve = z.object({
  ...link,
  diameterM: positive.max(100).describe('inner diameter, m'),
  lossCoefficient,
  open,
  name: label,
});

const curvePoint = z.object({
  flowM3H: atLeastNone.describe('at the conditions of the inlet, m³/h'),
  liftBar: finite.describe('bar'),
});

const pump = z.object({
  ...link,
  curve: z.array(curvePoint).min(1).describe('points {flowM3H, liftBar} of the characteristic: m³/h, bar'),
  flowAt: z
    .enum(['inlet', 'mean'])
    .default('inlet')
    .describe('the pressure at which the curve counts m³ of a gas: at the inlet, or the mean of inlet and outlet'),
  name: label,
});

const regulator = z.object({
  ...link,
  setBar: finite.describe('gauge pressure that it holds at `to`, bar'),
  name: label,
});

const fixed = z.object({
  node: id.describe('id of a node, once at most'),
  pressureBar: finite.describe('gauge, bar'),
  temperatureK: temperature.optional().describe('of what flows in here, K; `temperatureK` of the node when left out'),
});

const flow = z.object({
  node: id.describe('id of a node; several add up'),
  massFlowKgS: finite.describe('kg/s; positive takes out of the network, negative feeds in'),
  temperatureK: temperature.optional().describe('of what is fed in, K; `temperatureK` of the node when left out'),
});

/** `lifeline-network/1`: one pipe network with what enters and leaves it. Units stand in the names. */
export const networkSchema = z.object({
  format: z.literal(networkFormat),
  name: label,
  description: label,
  fluid: fluid.describe('what flows'),
  friction: z.enum(frictionLaws).describe('law of the friction factor'),
  thermal: z.boolean().default(false).describe('whether temperatures are worked out'),
  ambientPressureBar: positive.default(1.01325).describe('of the air at height 0, bar'),
  nodes: z.array(node).min(1).describe('where links meet'),
  pipes: z.array(pipe).default([]).describe('straight pipes'),
  valves: z.array(valve).default([]).describe('fittings without a length, and valves, open or closed'),
  pumps: z.array(pump).default([]).describe('lift pressure from → to'),
  regulators: z.array(regulator).default([]).describe('hold a pressure at `to`'),
  fixed: z.array(fixed).describe('nodes whose pressure is kept, whatever flows'),
  flows: z.array(flow).default([]).describe('what is taken out or fed in, whatever the pressure'),
});

/** A network as its file says, defaults filled in. */
export type Network = z.output<typeof networkSchema>;
/** The same before defaults. */
export type NetworkInput = z.input<typeof networkSchema>;
