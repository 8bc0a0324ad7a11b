import { useEffect, useState } from 'preact/hooks';
import { say } from '../../../../edge/console/web/src/language.ts';
import type { Label } from '../../../city/label.ts';
import type { CityView, LinkChange, LinkNow, NowView, PlanesView, PointView } from '../../view.ts';

const periodMs = 1000;
/** Planes of the chosen PLC that are kept for courses, one a second. */
const coursePoints = 600;

/** What a problem of the server says. */
interface Problem {
  readonly code: string;
  readonly message: string;
}

/** All that the page knows. */
export interface Picture {
  readonly city: CityView | undefined;
  readonly now: NowView | undefined;
  readonly labels: readonly Label[];
  /** What is true of the links, by their numbers; what is not told of one yet is left out. */
  readonly links: readonly (LinkNow | undefined)[];
  /** Planes of the chosen PLC, oldest first, with city times. */
  readonly course: readonly (PlanesView & { readonly cityMs: number })[];
  readonly points: readonly PointView[];
  readonly lost: boolean;
}

let picture: Picture = { city: undefined, now: undefined, labels: [], links: [], course: [], points: [], lost: false };
let chosenPlc: string | undefined;
let linksRevision = 0;
const listeners = new Set<() => void>();

function change(part: Partial<Picture>): void {
  picture = { ...picture, ...part };
  for (const listener of listeners) listener();
}

async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(((await answer.json()) as Problem).message);
  return (await answer.json()) as T;
}

/** Sends an order; rejects with the server's own words. */
async function order(path: string, body: unknown): Promise<void> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(((await answer.json()) as Problem).message);
  await look();
}

export const targetsOf = (kind: string): Promise<readonly string[]> =>
  ask(`/api/targets?kind=${encodeURIComponent(kind)}`);

export const happen = (wish: Readonly<Record<string, string | number>>): Promise<void> => order('/api/happen', wish);
export const endNow = (id: string): Promise<void> => order('/api/end', { id });
export const setSpeed = (speed: number | 'max'): Promise<void> => order('/api/clock', { speed });
export const step = (stepS: number): Promise<void> => order('/api/clock', { stepS });

/** Looks into another PLC, or into none. */
export async function choosePlc(id: string | undefined): Promise<void> {
  if (id === chosenPlc) return;
  chosenPlc = id;
  change({ course: [], points: [] });
  if (id === undefined) return;
  const points = await ask<readonly PointView[]>(`/api/points?id=${encodeURIComponent(id)}`);
  if (chosenPlc !== id) return;
  change({ points });
  await look();
}

/** One look at the city. */
async function look(): Promise<void> {
  try {
    const city = picture.city ?? (await ask<CityView>('/api/city'));
    const plc = chosenPlc === undefined ? '' : `&plc=${encodeURIComponent(chosenPlc)}`;
    const now = await ask<NowView>(`/api/now?since=${picture.now?.told ?? 0}&links=${linksRevision}${plc}`);
    const anew = now.told < (picture.now?.told ?? 0) || now.cityMs < (picture.now?.cityMs ?? 0);
    const labels = withLater(anew ? [] : picture.labels, now.happenings);
    const planes = now.plc && now.plc.id === chosenPlc ? [{ ...now.plc, cityMs: now.cityMs }] : [];
    // Another city counts its revisions anew: all is asked for again.
    linksRevision = anew ? 0 : now.links.revision;
    const links = changed(anew ? [] : picture.links, now.links.changes);
    change({ city, now, labels, links, course: [...picture.course, ...planes].slice(-coursePoints), lost: false });
  } catch {
    change({ lost: true });
  }
}

/** The same list where nothing has changed, so that nothing is drawn anew. */
function changed(links: Picture['links'], changes: readonly LinkChange[]): Picture['links'] {
  if (changes.length === 0) return links;
  const next = [...links];
  for (const [link, state, flow] of changes) next[link] = { state, flow };
  return next;
}

/** The labels with later ones in the place of earlier ones of the same id: two looks may cross, and ends may change. */
function withLater(labels: readonly Label[], later: readonly Label[]): readonly Label[] {
  const news = new Map(later.map((label) => [label.id, label]));
  const known = new Set(labels.map(({ id }) => id));
  return [...labels.map((label) => news.get(label.id) ?? label), ...later.filter(({ id }) => !known.has(id))];
}

/** Looks at the city once a second while the page is seen. */
export async function follow(): Promise<never> {
  for (;;) {
    if (document.visibilityState === 'visible') await look();
    await new Promise((resolve) => setTimeout(resolve, periodMs));
  }
}

/** The picture; draws again when it changes. */
export function usePicture(): Picture {
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = () => redraw((count) => count + 1);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return picture;
}

/** Whether a happening goes on at city time `cityMs`. */
export const lasts = ({ end }: Label, cityMs: number): boolean => end === null || Date.parse(end) > cityMs;

/** Utility of an asset by its type, `water.district`. */
export const utilityOf = (type: string): string => type.split('.')[0] ?? type;

/** The name of a utility in the language chosen, or the word itself where the city has none. */
export function nameOf({ names }: CityView, utility: string): string {
  const name = names[utility];
  return name ? say(name) : utility;
}
