import { inThread } from '../../../simulator/exam/thread.ts';
import type { LoadedGateway } from '../../config/load.ts';
import type { Calibration } from '../../detection/calibration.ts';
import { type CodedText, codedText } from '../coded-text.ts';
import { pastErrors } from '../past/errors.ts';
import { utcOffsetMinutes } from '../past/utc-offset.ts';
import type { Calibrated, Placed, PlacingNews, PlacingWork } from './work.ts';

/** What leaks would change in the networks that the configuration names; empty where it names none. */
export async function placesOfSite(
  { networks }: LoadedGateway,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<readonly Placed[] | { readonly failed: CodedText }> {
  if (networks.length === 0) return [];
  let result: readonly Placed[] | { readonly failed: CodedText } | undefined;
  const heard = (news: PlacingNews) => {
    if ('share' in news) onProgress(news.share);
    else result = 'failed' in news ? news : news.placed;
  };
  const work: PlacingWork = { networks };
  await inThread(import.meta.url, 'placing-thread', work, heard, signal);
  if (!result) throw new Error('the placing thread ended without a result');
  return result;
}

/** A calibration of places alone; the rest stays as it was. */
export function onlyPlaces(
  { config }: LoadedGateway,
  before: Calibration | undefined,
  nowMs: number,
): Calibrated | { readonly failed: CodedText } {
  if (config.networks.length === 0) {
    return { failed: codedText(pastErrors.create('NETWORK', 'place leaks: the configuration names no network')) };
  }
  return {
    calibration: {
      schema: 'lifeline-calibration/1',
      made: { ...(before?.made ?? { by: 'lifeline calibrate' }) },
      utcOffsetMinutes: before?.utcOffsetMinutes ?? utcOffsetMinutes(config.gateway.timezone, nowMs),
      ...{ tags: {}, assets: {} },
    },
    ...{ source: 'the networks of the configuration', notes: [], not: [] },
  };
}

/** A calibration with places in it, and with what says whether a network file is still the one they came from. */
export function withPlaces(made: Calibrated, placed: readonly Placed[]): Calibrated {
  if (placed.length === 0) return made;
  const { calibration } = made;
  const networks = placed.map(({ matrix: { network }, sha256 }) => ({ network, sha256 }));
  return {
    ...made,
    calibration: {
      ...calibration,
      made: { ...calibration.made, networks },
      places: placed.map(({ matrix }) => matrix),
    },
  };
}
