import { type NetworkInput, networkSchema } from '../../simulator/network/format.ts';
import { type Solution, solveNetwork } from '../../simulator/network/solution.ts';

type Pipe = NonNullable<NetworkInput['pipes']>[number];

/** Solves a network as its file would say it. */
export const solved = (input: NetworkInput): Solution => solveNetwork(networkSchema.parse(input));

/** Nodes from their ids. */
export const nodes = (...ids: readonly string[]) => ids.map((id) => ({ id }));

/** A pipe of 100 mm with a roughness of 0.1 mm. */
export const pipe = (from: string, to: string, lengthM: number, more: Partial<Pipe> = {}): Pipe => ({
  ...{ id: `${from}-${to}`, from, to, lengthM, diameterM: 0.1, roughnessMm: 0.1 },
  ...more,
});

/** Gauge pressures in bar by node. */
export const pressures = ({ nodes: results }: Solution) =>
  Object.fromEntries(results.map(({ id, pressureBar }) => [id, pressureBar]));

/** Mass flows in kg/s by link. */
export const flows = ({ pipes, valves, pumps, regulators }: Solution) =>
  Object.fromEntries([...pipes, ...valves, ...pumps, ...regulators].map(({ id, massFlowKgS }) => [id, massFlowKgS]));

/** Code of the error that solving ends with. */
export function refusal(input: NetworkInput): string {
  try {
    solved(input);
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
  return 'solved';
}
