import type { Problem } from '../../../core/errors.ts';
import type {
  ConfigurationChanges,
  ConfigurationDraft,
  ConfigurationOutcome,
  ConfigurationProblem,
  ConfigurationVerdict,
  ConfigurationView,
  TableReading,
} from '../../configuration-api.ts';
import type {
  DevicePlace,
  DeviceSighting,
  FirstConfiguration,
  FirstUpstream,
  FirstVerdict,
  ScanPart,
  ScanWish,
} from '../../first-start-api.ts';
import type { OfferLook } from '../../offers-api.ts';
import type {
  ConfigurationVersionsView,
  FirstStartOutcomeView,
  FirstStartView,
  OffersView,
  ServerOffersView,
} from '../../wire.ts';
import { getJson, postJson, refusalText } from './feed.ts';
import { language, say } from './language.ts';
import { ownName } from './operator.ts';

export const readConfiguration = (): Promise<ConfigurationView> => getJson('/api/configuration');

export const checkDraft = ({ yaml, tables }: ConfigurationDraft): Promise<ConfigurationVerdict> =>
  postJson('/api/configuration-check', { yaml, tables });

export const applyDraft = ({ yaml, tables }: ConfigurationDraft, base: string): Promise<ConfigurationOutcome> =>
  postOutcome('/api/configuration-apply', { yaml, tables, base, by: ownName() });

export const readVersions = (): Promise<ConfigurationVersionsView> => getJson('/api/configuration-versions');

export const compareVersion = (number: number): Promise<{ readonly changes: readonly ConfigurationChanges[] }> =>
  getJson(`/api/configuration-version?${new URLSearchParams({ number: String(number) })}`);

export const rollBack = (number: number, base: string): Promise<ConfigurationOutcome> =>
  postOutcome('/api/configuration-roll-back', { number, base, by: ownName() });

export const readOffers = (): Promise<OffersView> => getJson('/api/configuration-offers');

/** What an offer would come to now. */
export const lookAtOffer = (number: number): Promise<OfferLook> =>
  getJson(`/api/configuration-offer?${new URLSearchParams({ number: String(number) })}`);

export const applyOffer = (number: number, base: string): Promise<ConfigurationOutcome> =>
  postOutcome('/api/configuration-offer-apply', { number, base, by: ownName() });

export const refuseOffer = (number: number, why: string): Promise<OffersView> =>
  postJson('/api/configuration-offer-refuse', { number, why, by: ownName() });

export const readFirstStart = (): Promise<FirstStartView> => getJson('/api/first-start');

export const lookForDevice = (place: DevicePlace): Promise<DeviceSighting> => postJson('/api/first-start-look', place);

/** What is in a file of the reader's own. */
export async function readTableFile(file: File, device: string): Promise<TableReading> {
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  const content = address.slice(address.indexOf(',') + 1);
  return postJson('/api/point-table', { name: file.name, device, language: language(), content });
}

export const askServer = (endpoint: string): Promise<ServerOffersView> =>
  postJson('/api/first-start-offers', { endpoint });

export const trustServer = (thumbprint: string): Promise<unknown> => postJson('/api/first-start-trust', { thumbprint });

export const scanOn = (wish: ScanWish): Promise<ScanPart> => postJson('/api/first-start-scan', wish);

/** Throws with the reason where the broker is not reached. */
export const tryUpstream = (upstream: FirstUpstream, gateway: string): Promise<unknown> =>
  postJson('/api/first-start-upstream', { upstream, gateway });

export const checkFirst = (wish: FirstConfiguration): Promise<FirstVerdict> => postJson('/api/first-start-check', wish);

export const beginWith = (wish: FirstConfiguration): Promise<FirstStartOutcomeView> =>
  postOutcome('/api/first-start', wish);

/** An answer that says what kept a change from being made is an answer; throws for all others as `getJson` does. */
async function postOutcome<Outcome extends object>(path: string, body: unknown): Promise<Outcome> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as Outcome | Problem;
  if (response.ok || 'errors' in answer || 'current' in answer) return answer as Outcome;
  throw new Error(refusalText(answer as Problem));
}

/** A problem in words, with what is to be done. */
export const problemText = ({ message, fix }: ConfigurationProblem): string =>
  `${say(message)}${language() === 'zh' ? '；' : '; '}${say(fix)}`;
