type Temperatures = [hotIn: string, hotOut: string, coldIn: string, coldOut: string];

/**
 * A value of a regression: a role, or what a flow says together with other roles, in the units of these:
 * `across` the pressures before and behind, how freely it flows, flow / √(before − behind): of a valve or a pipe this
 * depends on how far it is open and on nothing else (Kv, IEC 60534-2-1), whatever the network does;
 * `cooledIn` an exchanger of these temperatures, the heat transfer UA / (ρ·cp), as a flow: its flow times NTU by the mean
 * logarithmic difference of counter-flow (Incropera, Fundamentals of Heat and Mass Transfer, ch. 11);
 * `heatingIn` one, the flow on the cold side, by the heat balance.
 */
export interface Passage {
  readonly role: string;
  readonly across?: [before: string, behind: string] | undefined;
  readonly cooledIn?: Temperatures | undefined;
  readonly heatingIn?: Temperatures | undefined;
}

/** The roles that a value is reckoned from. */
export const rolesOfInput = ({ role, across, cooledIn, heatingIn }: Passage): readonly string[] => [
  role,
  ...(across ?? cooledIn ?? heatingIn ?? []),
];

/** A value from those of its roles, in their order; not a finite number where nothing presses, or no heat goes over. */
export const inputFrom = (passage: Passage, values: ArrayLike<number>): number =>
  (values[0] as number) * perUnit(passage, values);

/** What one unit of its role comes to. */
export function perUnit({ across, cooledIn, heatingIn }: Passage, values: ArrayLike<number>): number {
  if (across) return 1 / Math.sqrt((values[1] as number) - (values[2] as number));
  if (!cooledIn && !heatingIn) return 1;
  const [hotIn, hotOut, coldIn, coldOut] = [1, 2, 3, 4].map((place) => values[place] as number) as [
    number,
    number,
    number,
    number,
  ];
  return (hotIn - hotOut) / (cooledIn ? meanDifference(hotIn - coldOut, hotOut - coldIn) : coldOut - coldIn);
}

/** Differences that are nearer to each other than this share have their plain mean: it is off by 1e-5 at the most. */
const alike = 0.01;

/** The mean logarithmic difference of the two ends, K; not a number where the cold side is the warmer one. */
function meanDifference(one: number, other: number): number {
  if (!(one > 0 && other > 0)) return Number.NaN;
  return Math.abs(one - other) < alike * one ? (one + other) / 2 : (one - other) / Math.log(one / other);
}
