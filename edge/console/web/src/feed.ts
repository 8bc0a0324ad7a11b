import { useEffect, useState } from 'preact/hooks';
import { realClock, type Timer } from '../../../core/clock.ts';
import type { Enquiry, EnquiryAnswer } from '../../../core/enquiry.ts';
import type { Problem } from '../../../core/errors.ts';
import type { AlarmTallies } from '../../alarm-wire.ts';
import { reaches } from '../../grants.ts';
import { decodeFrame, encodeTags, type LiveColumns, maxTagsAsked } from '../../live-frame.ts';
import type {
  AlarmsView,
  DevicesView,
  HistoryView,
  InspectionView,
  LiveMessage,
  ModelView,
  SessionView,
  StoryView,
} from '../../wire.ts';
import { language } from './language.ts';
import { type City, cityOf } from './model.ts';

/** Without a frame for this long the link counts as lost; frames come every second. */
const silenceMs = 2_000;
const retryMs = 1_000;
const watchMs = 200;
/** How often it is asked whether a gateway has got its first configuration. */
const firstStartMs = 1_000;

export type Link = 'connecting' | 'online' | 'lost';

/** Everything the page shows, as it stands. */
export interface Picture {
  link: Link;
  /** Who looks at the page; undefined until the gateway has said so. */
  session: SessionView | undefined;
  /** Gateway time at which the link was last seen alive, ms since epoch. */
  aliveAt: number;
  city: City | undefined;
  live: LiveColumns;
  /** Texts by tag index, for the tags that hold text. */
  texts: Map<number, string>;
  alarms: AlarmsView;
  devices: DevicesView;
  events: readonly StoryView[];
}

const noColumns = (size: number): LiveColumns => ({
  values: new Float64Array(size).fill(Number.NaN),
  quality: new Uint8Array(size).fill(133),
  times: new Float64Array(size),
});

const clock = realClock();
const listeners = new Set<() => void>();
let socket: WebSocket | undefined;
let retry: Timer | undefined;
/** Gateway clock minus this machine's, ms. */
let offsetMs = 0;
let lastFrameMs = 0;
let modelIsOld = true;

const noTallies: AlarmTallies = {
  ...{ assets: [], utilities: {}, safety: 0, shelved: 0 },
  priorities: { critical: [0, 0], high: [0, 0], medium: [0, 0], low: [0, 0] },
};
const noAlarms: AlarmsView = {
  total: 0,
  alarms: [],
  hiddenTotal: 0,
  hidden: [],
  tallies: noTallies,
  flood: null,
  maintenance: [],
  manual: [],
};

/** The one picture of this page. Read it while drawing; `usePicture` draws again when it changes. */
export const picture: Picture = {
  link: 'connecting',
  session: undefined,
  aliveAt: 0,
  city: undefined,
  live: noColumns(0),
  texts: new Map(),
  alarms: noAlarms,
  devices: { devices: [], sinks: [] },
  events: [],
};

/** Tags that were read while drawing, by when last, monotonic ms; and those that the gateway was asked for. */
const read = new Map<number, number>();
let asked: ReadonlySet<number> = new Set();
let isAsking = false;
/** A tag is shown for this long after it was read last: every picture reads anew all that it shows. */
const shownMs = 5_000;

/** Has the gateway tell of a tag: call it whenever its value is read for the page. */
export function show(tag: number): void {
  read.set(tag, clock.monotonicMs());
  if (!asked.has(tag)) askSoon();
}

/** Once for all that one picture shows. */
function askSoon(): void {
  if (isAsking) return;
  isAsking = true;
  clock.after(0, ask);
}

/** Asks for the tags that are shown, where those are not the ones asked for before. */
function ask(): void {
  isAsking = false;
  if (socket?.readyState !== WebSocket.OPEN) return;
  const now = clock.monotonicMs();
  for (const [tag, at] of read) if (now - at > shownMs) read.delete(tag);
  if (read.size === asked.size && [...read.keys()].every((tag) => asked.has(tag))) return;
  asked = new Set(read.keys());
  socket.send(encodeTags(asked.size > maxTagsAsked ? [] : asked));
}

/** The gateway's wall clock now, as far as this page knows; goes on when the link is lost, so that ages grow. */
export const gatewayNow = (): number => clock.wallMs() + offsetMs;

/** Calls back after each change of the picture; returns the unsubscriber. */
export function onPicture(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Draws the calling component again whenever the picture changes. */
export function usePicture(): Picture {
  const [, draw] = useState(0);
  useEffect(() => onPicture(() => draw((count) => count + 1)), []);
  return picture;
}

function changed(): void {
  for (const listener of listeners) listener();
}

/** Connects and stays connected for the life of the page. */
export function startFeed(): void {
  void connect();
  watch();
}

function watch(): void {
  clock.after(watchMs, watch);
  if (picture.link === 'online' && clock.monotonicMs() - lastFrameMs > silenceMs) {
    // Not waiting for the closing handshake of a peer that may be gone.
    const silent = socket;
    socket = undefined;
    silent?.close();
    lose();
  }
  if (picture.link === 'lost') changed();
}

function lose(): void {
  if (picture.link === 'online') picture.link = 'lost';
  retry?.cancel();
  retry = clock.after(retryMs, () => void connect());
  changed();
}

/** Asks again who looks at the page, and connects as they may: after a sign-in or a sign-out. */
export function enter(): void {
  const before = socket;
  socket = undefined;
  before?.close();
  modelIsOld = true;
  void connect();
}

/** Takes the gateway's model where it is not known yet, then opens the feed. */
async function connect(): Promise<void> {
  try {
    picture.session = await getJson<SessionView>('/api/session');
    if (picture.session.firstStart) retry = clock.after(firstStartMs, () => void connect());
    if (picture.session.firstStart || !reaches(picture.session.caller.grant, 'viewer')) return leave();
    if (modelIsOld) adopt(await getJson<ModelView>('/api/model'));
  } catch {
    return lose();
  }
  const own = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`);
  socket = own;
  own.binaryType = 'arraybuffer';
  // A new connection is told of all tags until it asks.
  asked = new Set();
  own.onmessage = ({ data }) => {
    if (own !== socket) return;
    if (typeof data === 'string') takeMessage(JSON.parse(data) as LiveMessage);
    else takeFrame(data as ArrayBuffer);
  };
  own.onclose = () => {
    if (own === socket) lose();
  };
}

/** Nothing of the gateway stays in sight of whoever may not see it. */
function leave(): void {
  modelIsOld = true;
  Object.assign(picture, { link: 'connecting', city: undefined, events: [] });
  picture.alarms = noAlarms;
  picture.devices = { devices: [], sinks: [] };
  changed();
}

function adopt(view: ModelView): void {
  picture.city = cityOf(view);
  picture.live = noColumns(view.tags.length);
  picture.texts = new Map();
  read.clear();
  modelIsOld = false;
}

function takeMessage(message: LiveMessage): void {
  if (message.type === 'alarms') picture.alarms = message;
  else if (message.type === 'devices') picture.devices = message;
  else if (message.type === 'events') picture.events = message.events;
  else if (message.type === 'texts') for (const [tag, text] of message.texts) picture.texts.set(tag, text);
  else if (picture.city?.view.gateway.configuredAt !== message.configuredAt) {
    // The gateway has another configuration: take its model before its values.
    modelIsOld = true;
    const old = socket;
    socket = undefined;
    old?.close();
    void connect();
    return;
  }
  changed();
}

function takeFrame(buffer: ArrayBuffer): void {
  if (modelIsOld) return;
  const { now, tags, values, quality, times } = decodeFrame(buffer);
  const { live } = picture;
  for (let row = 0; row < tags.length; row++) {
    const tag = tags[row] as number;
    if (tag >= live.values.length) continue;
    live.values[tag] = values[row] as number;
    live.quality[tag] = quality[row] as number;
    live.times[tag] = times[row] as number;
  }
  offsetMs = now - clock.wallMs();
  lastFrameMs = clock.monotonicMs();
  picture.link = 'online';
  picture.aliveAt = now;
  changed();
  askSoon();
}

/** Reads JSON from the console; throws an Error with the code and next step of a refusal. */
export async function getJson<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(refusalText(body as Problem));
  return body as T;
}

/** Why the gateway did not do what was asked, and what to do about it, in the language of the page. */
export function refusalText({ code, message, next, zh }: Problem): string {
  return language() === 'zh' ? `${zh.message}；${zh.next} ${code}` : `${code} ${message}; ${next}`;
}

/** History of a tag over [fromMs, toMs], oldest first. */
export function readHistory(tag: string, fromMs: number, toMs: number, points: number): Promise<HistoryView> {
  const query = new URLSearchParams({
    tag,
    from: String(Math.round(fromMs)),
    to: String(Math.round(toMs)),
    points: String(points),
  });
  return getJson(`/api/history?${query}`);
}

/** Everything about one device; has the gateway keep its frames for a while. */
export const readDevice = (id: string): Promise<InspectionView> =>
  getJson(`/api/device?${new URLSearchParams({ id })}`);

/** Asks a device something over its link; throws with the reason where there is no answer. */
export const askDevice = (device: string, ask: Enquiry): Promise<EnquiryAnswer> =>
  postJson('/api/device-enquiry', { device, ask });

/** Sends JSON to the console; throws as `getJson` does. */
export const postJson = <T>(path: string, body: unknown): Promise<T> =>
  getJson(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
