import type { ShelfChange } from '../../../core/model-shelf.ts';
import type { Verdict } from '../../../core/verdict.ts';
import type { ClaimCourseView, DetectionView, ModelsView, WatchedView } from '../../detection-wire.ts';
import type { IncidentsView, IncidentView } from '../../incident-wire.ts';
import type { AlarmView, VerdictsView } from '../../wire.ts';
import { getJson, postJson } from './feed.ts';

export const readDetection = (): Promise<DetectionView> => getJson('/api/detection');
export const readWatched = (id: string): Promise<WatchedView> =>
  getJson(`/api/detection/asset?${new URLSearchParams({ id })}`);
export const readIncidents = (): Promise<IncidentsView> => getJson('/api/incidents');
export const readIncident = (id: string): Promise<IncidentView> =>
  getJson(`/api/incident?${new URLSearchParams({ id })}`);
export const readModels = (): Promise<ModelsView> => getJson('/api/models');
export const readVerdicts = (): Promise<VerdictsView> => getJson('/api/verdicts');

/** What a claim rests on beside what is expected, over the hours before a moment; null where nothing can be drawn. */
export function readExpected(asset: string, kind: string, toMs: number, hours: number): Promise<ClaimCourseView> {
  const query = new URLSearchParams({ asset, kind, to: String(Math.round(toMs)), hours: String(hours) });
  return getJson(`/api/detection/course?${query}`);
}

/** Changes which model decides or scores, in the name of a person; throws when the gateway refuses. */
export const changeModel = (change: ShelfChange, by: string): Promise<unknown> =>
  postJson('/api/model-change', { ...change, by });

/** Ends the proposal of a new calibration in the name of a person; throws when there is none any more. */
export const settleProposal = (asset: string, by: string): Promise<unknown> =>
  postJson('/api/recalibration-settle', { asset, by });

/** A person's verdict on an alarm as it was raised last; `raised-again` when it is no longer that one. */
export async function judgeAlarm({ id, raisedAt }: AlarmView, verdict: Verdict, by: string): Promise<string> {
  const answer = await postJson<{ result: string }>('/api/verdict', { alarm: id, raisedAt, verdict, by });
  return answer.result;
}
