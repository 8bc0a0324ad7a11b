import { median, robustDeviation } from '../order-statistics.ts';

/** A block is this long; the newest two tell what is now, those from the fourth on what was before. */
export const blockS = 15;
const nowBlocks = 2;
const beforeFrom = 4;
const beforeBlocks = 4;
const kept = beforeFrom + beforeBlocks;
/** After a pause of all blocks nothing of them is compared with what comes, s. */
export const recentS = kept * blockS;
/** What is usual is known from so many blocks on (ten minutes), of at most an hour. */
const fewestUsual = 40;
const mostUsual = 240;
/** A leak takes more than this from the balance and the pressures, in robust standard deviations of blocks … */
const deviations = 6;
/** … and more than meters that are each within their class (1 %) may come to disagree, as a share of the flow. */
const meterShare = 0.02;
/** Transmitters in steps of 0.1 % of their span say no finer what falls, kPa (design choice: half a step of 0.4 MPa). */
const leastFallKpa = 0.2;
/** It must hold for so many seconds, and be gone by half for so many. */
const holdS = 20;
const goneS = 120;

/** One second: what enters beyond what leaves, what enters, and the mean pressure of the mains. */
export interface BalanceScan {
  readonly dtS: number;
  /** Nm³/h. */
  readonly excessNm3H: number;
  readonly flowNm3H: number;
  readonly pressureKpa: number;
}

/** Plain data: what is remembered. */
export interface BalanceState {
  /** Sums of the block that is being filled, and how many scans it has. */
  filling: { excess: number; pressure: number; scans: number; s: number };
  /** Means of the last blocks, the oldest first. */
  excess: number[];
  pressure: number[];
  /** How much more than usual was missing, and by how much pressures fell, block by block of the last hour without a leak. */
  usualExcess: number[];
  usualFall: number[];
  active: boolean;
  heldS: number;
}

export const newBalanceState = (): BalanceState => ({
  filling: { excess: 0, pressure: 0, scans: 0, s: 0 },
  ...{ excess: [], pressure: [], usualExcess: [], usualFall: [], active: false, heldS: 0 },
});

/** What a scan says; undefined until what is usual is known. */
export interface BalanceReading {
  /** More than usual, and than a minute before, is missing by so much, and pressures have fallen by so much. */
  readonly missingNm3H: number;
  readonly fallKpa: number;
  readonly missingLimit: number;
  readonly fallLimit: number;
}

/**
 * Gas that enters and does not leave, while pressures fall: a leak. Demand that falls lets gas enter that does not leave
 * too, but fills the mains, so that pressures rise; a meter that fails moves no pressure; and demand that rises takes from
 * the mains, so that more leaves than enters (domain reference 1.3: line pack). Both must be new within two minutes, beyond
 * what the last hour had of them.
 * @returns the reading, and whether the claim has changed by it
 */
export function stepBalance(
  state: BalanceState,
  scan: BalanceScan,
): { readonly reading: BalanceReading | undefined; readonly changed: boolean } {
  fill(state, scan);
  const reading = readingOf(state, scan.flowNm3H);
  if (!reading) return { reading, changed: false };
  const { missingNm3H, fallKpa, missingLimit, fallLimit } = reading;
  const turned = state.active ? missingNm3H < missingLimit / 2 : missingNm3H > missingLimit && fallKpa > fallLimit;
  state.heldS = turned ? state.heldS + scan.dtS : 0;
  if (state.heldS < (state.active ? goneS : holdS)) return { reading, changed: false };
  Object.assign(state, { active: !state.active, heldS: 0 });
  return { reading, changed: true };
}

/** What lies within two minutes is forgotten: it was measured otherwise than what comes. */
export function forgetRecent(state: BalanceState): void {
  Object.assign(state, { excess: [], pressure: [], heldS: 0 });
  Object.assign(state.filling, { excess: 0, pressure: 0, scans: 0, s: 0 });
}

function fill(state: BalanceState, { dtS, excessNm3H, pressureKpa }: BalanceScan): void {
  const { filling } = state;
  filling.excess += excessNm3H;
  filling.pressure += pressureKpa;
  filling.scans++;
  filling.s += dtS;
  if (filling.s < blockS) return;
  push(state.excess, filling.excess / filling.scans, kept);
  push(state.pressure, filling.pressure / filling.scans, kept);
  Object.assign(filling, { excess: 0, pressure: 0, scans: 0, s: 0 });
  // A leak that begins must not make itself usual.
  if (state.active || state.heldS > 0 || state.excess.length < kept) return;
  push(state.usualExcess, mean(state.excess.slice(-nowBlocks)), mostUsual);
  push(state.usualFall, fallOf(state), mostUsual);
}

function readingOf(state: BalanceState, flowNm3H: number): BalanceReading | undefined {
  const { excess, usualExcess, usualFall, active } = state;
  if (usualExcess.length < fewestUsual || excess.length < kept) return undefined;
  const usual = median(usualExcess);
  const before = median(excess.slice(0, beforeBlocks));
  const now = mean(excess.slice(-nowBlocks));
  return {
    missingNm3H: now - (active ? usual : Math.max(usual, before)),
    missingLimit: deviations * robustDeviation(usualExcess) + meterShare * Math.abs(flowNm3H),
    fallKpa: fallOf(state) - Math.max(0, median(usualFall)),
    fallLimit: Math.max(leastFallKpa, deviations * robustDeviation(usualFall)),
  };
}

/** By how much the mean pressure of now is below that of before, kPa. */
const fallOf = ({ pressure }: BalanceState): number =>
  mean(pressure.slice(0, beforeBlocks)) - mean(pressure.slice(-nowBlocks));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function push(list: number[], value: number, most: number): void {
  list.push(value);
  if (list.length > most) list.shift();
}
