import type { Subject } from 'rxjs';
import type { LoadedGateway } from '../config/load.ts';
import type { ConsoleChange, ConsoleDescription, ConsoleKind, ConsoleSource, StoryLine } from '../console/api.ts';
import { utilityOf } from '../core/asset.ts';
import type { Clock } from '../core/clock.ts';
import type { DeviceDiagnostics } from '../core/diagnostics.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { Store } from '../store/api.ts';
import type { AlarmDesk } from './alarm-desk.ts';
import { AlarmHistory } from './alarm-history.ts';
import { FrameKeeper, type Trace } from './frame-keeper.ts';
import { IncidentDesk } from './incident-desk.ts';
import { storyLine } from './story.ts';

/** In which order pages show them; others follow. */
const utilities = ['water', 'heating', 'gas', 'gallery', 'lighting', 'drainage'];

/** Lines of the story kept for pages. */
const maxStoryLines = 200;

interface ReadModelParts {
  /** The configuration in force. */
  readonly loaded: () => LoadedGateway;
  readonly clock: Clock;
  readonly live: LiveTable;
  readonly store: Store;
  readonly desk: AlarmDesk;
  /** What changed, from all parts; the story's own changes are added here. */
  readonly changes: Subject<ConsoleChange>;
  readonly version: string;
  readonly devices: ConsoleSource['devices'];
  readonly diagnostics: (device: string) => DeviceDiagnostics | undefined;
  readonly trace: Trace;
  readonly ask: ConsoleSource['ask'];
  readonly sinks: ConsoleSource['sinks'];
  readonly deadLetters: ConsoleSource['deadLetters'];
  readonly callBack: ConsoleSource['callBack'];
  readonly manual: ConsoleSource['manual'];
  readonly commands: ConsoleSource['commands'];
  readonly writes: () => ConsoleDescription['writes'];
  readonly detection: ConsoleSource['detection'];
  readonly health: ConsoleSource['health'];
}

function describe(
  loaded: LoadedGateway,
  writes: ConsoleDescription['writes'],
  about: Omit<ConsoleDescription['gateway'], 'id' | 'name'>,
): ConsoleDescription {
  const { id, name = id } = loaded.config.gateway;
  const place = (pack: string) => [...utilities, pack].indexOf(pack);
  const used = new Set(loaded.assets.map(({ type }) => utilityOf(type)));
  const packs = [...loaded.packs.values()]
    .filter(({ pack }) => used.has(pack))
    .sort((a, b) => place(a.pack) - place(b.pack));
  const kinds: Record<string, ConsoleKind> = {};
  for (const pack of packs)
    for (const [kind, asset] of Object.entries(pack.assets)) kinds[`${pack.pack}.${kind}`] = asset;
  return {
    gateway: { id, name, ...about },
    utilities: packs.map(({ pack, name, figures }) => ({ id: pack, name, figures })),
    kinds,
    assets: loaded.assets,
    tags: loaded.tags.definitions,
    ...(writes ? { writes } : {}),
  };
}

/** What the console may know of the running gateway. */
export function createReadModel(parts: ReadModelParts): ConsoleSource {
  const { store, desk, changes, version, clock } = parts;
  const startedAt = clock.wallMs();
  let loaded = parts.loaded();
  let description = describe(loaded, parts.writes(), { version, startedAt, configuredAt: startedAt });
  const frames = new FrameKeeper(clock, parts.trace);
  const past = new AlarmHistory(store.journal, () => parts.loaded().assets);
  const story: StoryLine[] = [];
  store.journal.onAppend((events) => {
    story.unshift(...events.map(storyLine).reverse());
    story.length = Math.min(story.length, maxStoryLines);
    changes.next('events');
  });
  return {
    get description() {
      if (loaded !== parts.loaded()) {
        loaded = parts.loaded();
        description = describe(loaded, parts.writes(), { version, startedAt, configuredAt: clock.wallMs() });
      }
      return description;
    },
    live: parts.live,
    alarms: () => desk.register.current(),
    alarm: (id, event) => desk.known(id, () => past.alarm(id, event)),
    flood: () => desk.flood.current,
    maintenance: () => desk.maintenance.current(),
    pastAlarms: (wish) => past.find(wish),
    performance: (lastMs) => desk.performance(lastMs),
    recentEvents: () => story,
    devices: parts.devices,
    inspect(device) {
      const status = parts.devices().find(({ id }) => id === device);
      const diagnostics = parts.diagnostics(device);
      return status && diagnostics && { status, ...diagnostics, frames: frames.look(device) };
    },
    ask: parts.ask,
    sinks: parts.sinks,
    deadLetters: parts.deadLetters,
    callBack: parts.callBack,
    history: (tag, fromMs, toMs, maxPoints) => store.history.query(tag, fromMs, toMs, maxPoints),
    recentAlarms: (most) => desk.register.recent(most),
    acts: desk,
    manual: parts.manual,
    commands: parts.commands,
    incidents: new IncidentDesk({ desk, clock, onChange: () => changes.next('alarms') }),
    verdicts: () => desk.verdictReport(),
    alarmTimes: (assets, fromMs, toMs, most) => desk.verdicts.during(assets, fromMs, toMs, most),
    detection: parts.detection,
    health: parts.health,
    onChange(listener) {
      const subscription = changes.subscribe(listener);
      return () => subscription.unsubscribe();
    },
  };
}
