import { z } from 'zod';
import { equipments } from '../city/plant.ts';
import { plants } from '../city/plants.ts';

const moment =
  'a duration after the start of the city, such as 20s, 5min, 2h, or a time with its offset, such as 2027-01-12T18:00:00+08:00';
const duration = z.string().regex(/^\s*\d+(\.\d+)?\s*(ms|s|min|h|d)\s*$/, 'expected a duration such as 20s, 5min, 2h');

const label = z
  .strictObject({
    decoy: z.boolean().optional().describe('Whether no alarm must come; as the kind says when left out.'),
    level: z.enum(['I', 'II', 'III', 'IV']).optional().describe('What it puts at risk, from I (major) to IV (low).'),
    alarmWithin: duration.optional().describe('Time in which an alarm must be there; by the level when left out.'),
    expect: z.array(z.string()).optional().describe('Tags on which it shows, as `plc/point`.'),
  })
  .prefault({})
  .describe('What is written into the truth; what is left out comes from the kind.');

const happening = z.strictObject({
  id: z.string().min(1).max(64).optional().describe('Name in the truth, and for `parent`; numbered when left out.'),
  kind: z.string().describe('What happens, such as `water.burst`.'),
  target: z.string().describe('What it happens to: an asset, a PLC, or a tag as `plc/point`.'),
  at: z.string().describe(`When it begins: ${moment}.`),
  for: duration
    .optional()
    .describe('How long it lasts; to the end of the run when neither `for` nor `until` is given.'),
  until: z.string().optional().describe(`When it ends: ${moment}.`),
  ramp: duration.optional().describe('Time over which it grows evenly to its size; at once when left out.'),
  size: z.number().optional().describe('In the unit of its kind; needed where a kind has sizes.'),
  parent: z.string().optional().describe('`id` of the happening of whose doing this one is.'),
  label,
});

const happenings = z.array(happening).max(10_000).describe('What happens, in any order.');

/** What a scenario file says. */
export const scenarioSpec = z
  .strictObject({
    name: z.string().optional().describe('Free text.'),
    happenings,
  })
  .describe('A scenario of the simulated city: what happens when, where, how long, how much.');

/** What `city.yaml` says; options of the command line come before it. */
export const citySpec = z
  .strictObject({
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional()
      .describe('Same seed and start: same city.'),
    start: z
      .string()
      .optional()
      .describe('City time at the start with its offset, such as 2027-01-12T18:00:00+08:00; now when left out.'),
    utilities: z
      .array(z.enum(Object.keys(plants)))
      .min(1)
      .optional()
      .describe('Utilities to build; all of them when left out.'),
    equipment: z
      .enum(equipments)
      .optional()
      .describe(
        'How densely the city is equipped: `lean`, what the demo knows, or `full`, every instrument of a city; full when left out, but for an exam without a gateway of one’s own, which is shorter in the lean city.',
      ),
    water: z
      .strictObject({ network: z.string().min(1).describe('EPANET .inp file, relative to this file.') })
      .optional()
      .describe('What the water utility is made of; the built-in network when left out.'),
    speed: z
      .union([z.number().positive().max(10_000), z.literal('max')])
      .optional()
      .describe('City seconds in a second: 1 is real time, `max` as fast as the machine can.'),
    rate: z.number().min(0).max(1000).optional().describe('Random happenings an hour, drawn by the seed.'),
    kinds: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Kinds of the random happenings, such as `water.*` or `attack.scan`; all but attacks when left out.'),
    scenario: z.string().min(1).optional().describe('Scenario file, relative to this file.'),
    happenings: happenings.optional(),
  })
  .describe('A simulated city.');

export type CityFile = z.output<typeof citySpec>;
export type HappeningEntry = z.output<typeof happening>;

/** The JSON Schemas (draft-07, of what users write) of both files. */
export const scenarioJsonSchema = (): unknown => schemaOf('Lifeline scenario', scenarioSpec);
export const cityJsonSchema = (): unknown => schemaOf('Lifeline city.yaml', citySpec);

const schemaOf = (title: string, spec: z.ZodType) => ({
  title,
  ...z.toJSONSchema(spec, { target: 'draft-7', io: 'input' }),
});
