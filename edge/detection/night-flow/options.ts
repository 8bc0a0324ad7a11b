import { z } from 'zod';

/** Options of a `night-flow` in a pack: what flows in less what flows on, in the hours when people sleep. */
export const nightFlowOptions = z.strictObject({
  inflow: z.string(),
  /** What flows on to others; taken off where it is mapped. Its unit has to be that of the inflow. */
  outflow: z.string().optional(),
  /** Local hours, half open. Lower use than at any other time, and whole quarters of an hour. */
  fromHour: z.number().int().min(0).max(23).default(1),
  toHour: z.number().int().min(1).max(24).default(5),
});
export type NightFlowOptions = z.output<typeof nightFlowOptions>;
