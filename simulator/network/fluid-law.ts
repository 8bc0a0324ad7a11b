/**
 * How one link balances at its present flow and potentials, linearised. The gap is what the link loses beyond what its
 * ends and its height drive; a solution has none. All in units of potential.
 */
export interface Balance {
  gap: number;
  /** Derivative of the gap by the mass flow, > 0, per kg/s. */
  byFlow: number;
  /** Derivatives of the gap by the potentials at its ends. */
  byFrom: number;
  byTo: number;
}

/** The law of a fluid in the links of a network. Nodes have potentials, in which the equations are nearly linear. */
export interface FluidLaw {
  potential(pressurePa: number): number;
  /** Absolute pressure, Pa; that of a thin gas where the potential is beyond vacuum. */
  pressurePa(potential: number): number;
  /** Whether there is a pressure with this potential. */
  possible(potential: number): boolean;
  /** Sets `balance` for a link at a flow (kg/s) between potentials; a pump lifts only where `lifts` says so. */
  balance(link: number, flowKgS: number, from: number, to: number, lifts: boolean, balance: Balance): void;
  /** What pushes along a link at rest between absolute pressures, its column included; Pa, positive from → to. */
  drivePa(link: number, fromPa: number, toPa: number): number;
  /** Mean density along a link between absolute pressures, kg/m³. */
  densityKgM3(link: number, fromPa: number, toPa: number): number;
  /** Lift of the pump at a link, Pa. */
  liftPa(link: number, flowKgS: number, fromPa: number, toPa: number): number;
}

/** m/s². */
export const gravity = 9.81;
