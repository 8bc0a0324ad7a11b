import type { Calibration } from '../../edge/detection/calibration.ts';
import { districtFeatures } from '../../edge/detection/district-features.ts';
import { type DistrictState, newDistrictState, stepDistrict } from '../../edge/detection/district-physics.ts';
import { runDistricts } from './district-history.ts';
import type { NormalWindow } from './plan.ts';

/** The feature rows of one district in one window. */
export type FeatureBlock = readonly Float32Array[];

/** The gateway begins anew this often, so that the first seconds after a start are part of normal life. */
const RESTART_EVERY_S = 430;

/** Feature rows of the windows through the very code of the gateway, one block per window and district. */
export async function featureBlocks(
  windows: readonly NormalWindow[],
  { assets, utcOffsetMinutes }: Calibration,
): Promise<FeatureBlock[]> {
  const blocks: FeatureBlock[] = [];
  for (const window of windows) {
    const states = new Map<string, DistrictState>();
    const rows = new Map<string, Float32Array[]>();
    await runDistricts(window, 1, ({ settling, district, ...scan }) => {
      const known = assets[district]?.district;
      if (!known) return;
      const second = Math.round((scan.timeMs - window.startMs) / 1000);
      const state = (second % RESTART_EVERY_S === 0 ? undefined : states.get(district)) ?? newDistrictState();
      states.set(district, state);
      const taken = { ...scan, dtS: 1 };
      const reading = stepDistrict(state, taken, known, utcOffsetMinutes, settling, false);
      const row = districtFeatures(state, taken, reading, known, utcOffsetMinutes);
      const own = rows.get(district) ?? [];
      if (row) own.push(row);
      rows.set(district, own);
    });
    blocks.push(...rows.values());
  }
  return blocks;
}
