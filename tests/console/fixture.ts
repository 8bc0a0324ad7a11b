import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modbusErrors } from '../../drivers/modbus/errors.ts';
import { Topology } from '../../edge/alarms/incidents/topology.ts';
import type {
  ConsoleChange,
  ConsoleDeadLetter,
  ConsoleDeadLetters,
  ConsoleInspection,
  ConsolePosted,
  ConsoleSource,
  StoryLine,
} from '../../edge/console/api.ts';
import { consoleErrors } from '../../edge/console/errors.ts';
import type { ConsoleOptions } from '../../edge/console/server.ts';
import { Commands } from '../../edge/control/commands.ts';
import type { Alarm } from '../../edge/core/alarm.ts';
import { type Asset, utilityOf } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import type { Clock } from '../../edge/core/clock.ts';
import type { ConsoleWriters, OutputRange } from '../../edge/core/command.ts';
import { errorWithNext, problemOf } from '../../edge/core/errors.ts';
import type { Event } from '../../edge/core/event.ts';
import type { Finding } from '../../edge/core/finding.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { ShelfChange } from '../../edge/core/model-shelf.ts';
import type { Guidance, PackAlarm } from '../../edge/core/pack.ts';
import { Quality } from '../../edge/core/quality.ts';
import { type Random, seededRandom } from '../../edge/core/random.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import type { DeviceStatus, GroupStatus } from '../../edge/core/status.ts';
import { type TagDefinition, TagTable } from '../../edge/core/tag.ts';
import { asText, both } from '../../edge/core/text.ts';
import { AlarmDesk } from '../../edge/gateway/alarm-desk.ts';
import { AlarmHistory } from '../../edge/gateway/alarm-history.ts';
import { IncidentDesk } from '../../edge/gateway/incident-desk.ts';
import { storyLine } from '../../edge/gateway/story.ts';
import { ManualValues } from '../../edge/pipeline/manual-values.ts';
import type { Journal } from '../../edge/store/api.ts';
import { AuditTrail } from '../../edge/store/audit-trail.ts';
import { troubleFigures } from '../../edge/upstream/trouble.ts';
import { webhookErrors } from '../../edge/upstream/webhook/errors.ts';
import { fixtureAssets, kinds, pictureOf, type RoleSketch } from './fixture-city.ts';
import { fixtureDetection, widenedAt } from './fixture-detection.ts';
import { inspectionOf } from './fixture-device.ts';

/** A console's source that behaves like a gateway in a quiet city: moving values, alarms on request, a working acknowledgement. */
export interface Fixture {
  readonly source: ConsoleSource;
  /** One second of the city: a new sample of every tag. */
  step(): void;
  /** Raises the alarm and returns its id. */
  raise(alarm: Partial<Alarm & Guidance & Pick<Finding, 'place'>> & { asset: string; kind: string }): string;
  /** The process returns to normal. */
  clear(id: string): void;
  /** Takes a device off the wire: its tags go bad and keep their last source time. */
  lose(device: string): void;
  /** It answers again. */
  find(device: string): void;
  /** Another configuration came into force. */
  reconfigure(): void;
  readonly acknowledged: { id: string; by: string }[];
  readonly posted: ConsolePosted[];
  readonly changedModels: (ShelfChange & { by: string })[];
  readonly settled: { asset: string; by: string }[];
  /** What the platform does not take, by id; it takes all that is sent again. */
  readonly letters: Map<string, ConsoleDeadLetter>;
  readonly dealtWith: { did: 'resend' | 'discard'; ids: readonly string[] | undefined; by: string }[];
  /** What was written to devices, in order. */
  readonly written: { tag: string; raw: number }[];
  /** What happened, newest first. */
  readonly events: readonly Event[];
}

interface Signal {
  readonly sketch: RoleSketch;
  readonly phase: number;
  drift: number;
}

/** A console on a free port of loopback without accounts, where whoever is on the machine has a role. */
export const onLoopback = (localRole: ConsoleOptions['localRole'] = 'engineer') => ({
  ...{ host: '127.0.0.1', port: 0, folder: join(tmpdir(), 'lifeline-without-accounts'), localRole },
  ...{ secretBytes: systemSecrets, log: silentLog },
  audit: new AuditTrail(mkdtempSync(join(tmpdir(), 'lifeline-audit-')), { stamp: 'fixture' }),
});

/** What the first spare tags hold instead of quantities. */
const spareShows = ['text', 'time'] as const;

/**
 * `spareTags` adds tags without an asset, to reach the size of a real gateway; the first holds text, the second a time.
 * `writers` may set the outputs, which are set-points and states by their names.
 */
export function createFixture(
  clock: Clock,
  { seed = 1, spareTags = 380, writers }: { seed?: number; spareTags?: number; writers?: ConsoleWriters } = {},
): Fixture {
  const random = seededRandom(seed, 'console');
  const tags: TagDefinition[] = [];
  const signals: Signal[] = [];
  const addTag = (device: string, point: string, sketch: RoleSketch, asset: string) => {
    tags.push({
      ...{ name: `${device}/${point}`, device, point, unit: sketch.unit, scale: 1, offset: 0, deadband: 0 },
      ...{ low: sketch.low, high: sketch.high, periodMs: 1000, description: `${asset} ${sketch.zh}` },
      ...(sketch.states ? { states: sketch.states } : {}),
    });
    signals.push({ sketch, phase: random.next() * 6.28, drift: 0 });
    return tags.length - 1;
  };
  const assets: Asset[] = fixtureAssets.map(({ device, ...asset }) => {
    const roles = Object.entries(kinds[asset.type]!.roles).map(([role, sketch]) => [
      role,
      addTag(device, `${asset.id}-${role}`, sketch, asset.name),
    ]);
    return { ...asset, roles: Object.fromEntries(roles) };
  });
  const devices = [...new Set(fixtureAssets.map((asset) => asset.device))];
  for (let spare = 0; spare < spareTags; spare++) {
    const sketch = { zh: '备用', en: 'Spare', unit: '', low: 0, high: 65_535, at: 1000 + spare };
    const tag = addTag(devices[spare % devices.length]!, `spare-${spare}`, sketch, '');
    const shows = spareShows[spare];
    if (shows) tags[tag] = { ...tags[tag]!, shows };
  }
  return new FixtureCity(clock, random, tags, signals, assets, writers).fixture();
}

/** A journal in memory: it keeps what it is given and says so. */
function memoryJournal(heard: (events: readonly Event[]) => void): Journal {
  const kept: Event[] = [];
  const listeners = new Set([heard]);
  return {
    ...{ stream: 'events', epoch: 'e' },
    get last() {
      return kept.length;
    },
    async append(events) {
      const told = events.map((event, index) => ({
        ...{ ...event, stream: 'events', epoch: 'e', sequence: kept.length + index + 1 },
      }));
      kept.push(...told);
      for (const listener of listeners) listener(told);
      return told;
    },
    read: async (after, limit) => kept.slice(after, after + limit),
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const idOf = ({ data }: Event): string => `${data['asset']}/${data['kind']}`;

const packAlarm = (asset: string, name: string): PackAlarm => ({
  ...{ priority: 'high', riskLevel: 'II', safety: false },
  message: { zh: `${name} 超限`, en: `${asset} outside its limit` },
  cause: { zh: '未给出', en: 'Not given' },
  response: { zh: '现场核实', en: 'Check on site' },
});

/** One of each way to take values together. */
const waterFigures = [
  { kind: 'pump-station', role: 'flow', over: 'sum' },
  { kind: 'district', role: 'pressure-critical', over: 'minimum' },
  { kind: 'district', role: 'inflow', over: 'sum' },
] as const;

class FixtureCity {
  private readonly packs = new Map<string, PackAlarm>();
  private readonly desk: AlarmDesk;
  private readonly past: AlarmHistory;
  private readonly incidents: IncidentDesk;
  private readonly manual: ManualValues;
  private readonly story: StoryLine[] = [];
  private readonly lost = new Map<string, number>();
  private readonly found = new Map<string, number>();
  private readonly listeners = new Set<(what: ConsoleChange) => void>();
  private readonly live: LiveTable;
  private readonly gateway;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly tags: readonly TagDefinition[];
  private readonly signals: readonly Signal[];
  private readonly assets: readonly Asset[];
  private readonly acknowledged: { id: string; by: string }[] = [];
  private readonly posted: ConsolePosted[] = [];
  private readonly changedModels: (ShelfChange & { by: string })[] = [];
  private readonly settled: { asset: string; by: string }[] = [];
  private readonly letters: Fixture['letters'];
  private readonly dealtWith: Fixture['dealtWith'] = [];
  private readonly written: Fixture['written'] = [];
  private readonly events: Event[] = [];
  private readonly commands: Commands;
  private readonly writers: ConsoleWriters | undefined;
  /** What was written last, by index of the tag. */
  private readonly set = new Map<number, number>();
  private steps = 0;

  constructor(
    clock: Clock,
    random: Random,
    tags: TagDefinition[],
    signals: Signal[],
    assets: Asset[],
    writers: ConsoleWriters | undefined,
  ) {
    this.clock = clock;
    this.random = random;
    this.tags = tags;
    this.signals = signals;
    this.assets = assets;
    this.writers = writers;
    this.live = new LiveTable(tags.length);
    const startedAt = clock.wallMs();
    this.gateway = { id: 'hrb-07', name: '南岗区七号网关', version: '0.1.0', startedAt, configuredAt: startedAt };
    this.letters = new Map(
      [1, 2, 3].map((number) => [`hrb-07/events/e/${number}`, deadLetter(number, startedAt)] as const),
    );
    const subject = (id: string) => {
      const asset = assets.find((one) => one.id === id);
      const known = asset !== undefined || tags.some(({ device }) => device === id);
      const utility = asset ? utilityOf(asset.type) : 'gateway';
      return known ? { id, name: asset?.name ?? id, utility, grid: '', location: asset?.location } : undefined;
    };
    const alarm = (asset: string, kind: string) => this.packs.get(`${asset}/${kind}`);
    const journal = memoryJournal((events) => this.hear(events));
    this.past = new AlarmHistory(journal, () => assets);
    this.desk = new AlarmDesk({
      ...{ gateway: 'hrb-07', clock, log: silentLog, follows: () => true, onFinding: () => undefined },
      catalogue: {
        subject,
        alarm,
        topology: new Topology(new Map(assets.map(({ id, upstreamOf }) => [id, [...upstreamOf]]))),
      },
      journal,
      snapshots: { load: async () => new Map(), save: async () => undefined },
      onChange: () => this.changed('alarms'),
    });
    this.incidents = new IncidentDesk({ desk: this.desk, clock, onChange: () => this.changed('alarms') });
    const table = new TagTable(tags);
    this.manual = new ManualValues({
      ...{
        clock,
        tags: () => table,
        guarded: (tag) => tags[tag]?.unit === '%LEL',
        masks: () => false,
        endangers: () => false,
        live: this.live,
        onChange: () => this.changed('alarms'),
      },
      push: (batch) => {
        this.manual.substitute(batch);
        this.live.write(batch);
      },
      record: (event) => this.desk.record(event),
    });
    this.commands = this.commandsOf(writers);
    this.tell({ kind: 'gateway.started', subject: 'hrb-07', text: { zh: '网关启动', en: 'Gateway started' } });
    this.step();
  }

  fixture(): Fixture {
    return {
      source: this.source(),
      step: () => this.step(),
      raise: (alarm) => this.raise(alarm),
      clear: (id) => this.clear(id),
      lose: (device) => {
        this.lost.set(device, this.clock.wallMs());
        this.changed('devices');
      },
      find: (device) => {
        this.lost.delete(device);
        this.found.set(device, this.clock.wallMs());
        this.changed('devices');
      },
      reconfigure: () => {
        this.gateway.configuredAt = this.clock.wallMs();
        this.changed('description');
      },
      acknowledged: this.acknowledged,
      posted: this.posted,
      changedModels: this.changedModels,
      settled: this.settled,
      letters: this.letters,
      dealtWith: this.dealtWith,
      written: this.written,
      events: this.events,
    };
  }

  private source(): ConsoleSource {
    return {
      description: {
        gateway: this.gateway,
        utilities: [
          { id: 'water', name: { zh: '供水', en: 'Water' }, figures: waterFigures },
          { id: 'heating', name: { zh: '供热', en: 'Heating' }, figures: [] },
          { id: 'gas', name: { zh: '燃气', en: 'Gas' }, figures: [] },
          { id: 'gallery', name: { zh: '综合管廊', en: 'Pipe gallery' }, figures: [] },
          { id: 'lighting', name: { zh: '道路照明', en: 'Street lighting' }, figures: [] },
        ],
        kinds: Object.fromEntries(
          Object.entries(kinds).map(([type, kind]) => {
            const roles = Object.entries(kind.roles).map(([role, { zh, en, unit }]) => [
              role,
              { name: { zh, en }, unit },
            ]);
            return [type, { ...kind, picture: pictureOf(type), roles: Object.fromEntries(roles) }];
          }),
        ),
        assets: this.assets,
        tags: this.tags,
        ...(this.writers ? { writes: { least: this.writers, outputs: this.outputs() } } : {}),
      },
      live: this.live,
      alarms: () => this.desk.register.current(),
      recentEvents: () => this.story,
      devices: () => this.devices(),
      inspect: (device) => this.inspect(device),
      ask: async (device) => {
        throw consoleErrors.create('NOT-ASKED', asText(`ask ${device}: nothing stands behind it`));
      },
      sinks: () => [
        {
          ...{ id: 'city', sink: 'mqtt-json', endpoint: 'mqtt://127.0.0.1:1883', state: 'online', lastError: '' },
          ...{ forwarded: this.story.length, pending: 0, oldestPendingMs: 0, unconfirmed: 0, refused: 0 },
          ...{ sent: this.steps * this.tags.length, backfilled: 1200, thinned: 30, dropped: 7, backlogMs: 0 },
        },
        {
          ...{ id: 'platform', sink: 'webhook', endpoint: 'https://127.0.0.1:8443/cases', state: 'waiting' },
          ...troubleFigures(webhookErrors.create('BUSY', both('post 3 events: status 503', '发送 3 个事件：状态 503'))),
          ...{ forwarded: 12, pending: 3, oldestPendingMs: 95_000, deadLetters: this.letters.size },
        },
      ],
      deadLetters: (sink) => (sink === 'platform' ? this.deadLetters() : undefined),
      callBack: (sink, posted) => {
        if (sink !== 'city') return undefined;
        this.posted.push(posted);
        const reason = posted.signature === 'v1=right' ? '' : 'LL-CALLBACK-SIGNATURE not right';
        return Promise.resolve({
          ...{ id: 'o-1', status: reason === '' ? 'accepted' : 'refused', reason },
          receivedAt: new Date(this.clock.wallMs()).toISOString(),
        });
      },
      history: async (tag, fromMs, toMs, maxPoints) => this.history(tag, fromMs, toMs, maxPoints),
      performance: (lastMs) => this.desk.performance(lastMs),
      alarm: (id, event) => this.desk.known(id, () => this.past.alarm(id, event)),
      pastAlarms: (wish) => this.past.find(wish),
      flood: () => this.desk.flood.current,
      maintenance: () => this.desk.maintenance.current(),
      acts: this.desk,
      incidents: this.incidents,
      manual: this.manual,
      commands: this.commands,
      recentAlarms: (most) => this.desk.register.recent(most),
      detection: fixtureDetection({
        ...{ clock: this.clock, assets: this.assets, tags: this.tags },
        alarms: () => this.desk.register.current().toSorted((a, b) => a.raisedAt - b.raisedAt),
        tell: (change, by) => void this.changedModels.push({ ...change, by }),
        settled: (asset, by) => void this.settled.push({ asset, by }),
      }),
      alarmTimes: (assets, fromMs, toMs, most) => this.desk.verdicts.during(assets, fromMs, toMs, most),
      verdicts: () => ({ ...this.desk.verdictReport(), widened: [widenedAt(this.gateway.startedAt)] }),
      health: {
        ...{ waits: () => [], metrics: () => '', metricsType: 'text/plain' },
        system: () => ({
          ...{ runtime: 'Node.js', memoryBytes: 90e6, cpuS: 3, lostEvents: 0, damagedRecords: 0, waitingEvents: 0 },
          disk: { freeBytes: 9e9, keepFreeBytes: 5e8 },
        }),
      },
      onChange: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
  }

  /** What may be written: set-points, and what is switched. */
  private outputs(): readonly OutputRange[] {
    return this.tags.flatMap(({ low, high, states }, tag) => {
      const { sketch } = this.signals[tag]!;
      return sketch.output ? [{ tag, low, high, whole: states !== undefined }] : [];
    });
  }

  /** The way to devices that take what is written, as long as they are on the wire. */
  private commandsOf(consoleWriters: ConsoleWriters | undefined): Commands {
    const indexOf = (name: string) => this.tags.findIndex((one) => one.name === name);
    return new Commands({
      ...{ clock: this.clock, log: silentLog, consoleWriters, onFinding: () => undefined },
      point: (name) => {
        const found = this.tags[indexOf(name)];
        if (!found) return undefined;
        const { low, high, unit, scale, offset, states } = found;
        const writable = this.outputs().some(({ tag }) => tag === indexOf(name));
        return { ...{ writable, low, high, unit, scale, offset }, rawStep: states ? 1 : 0 };
      },
      output: (name) => {
        const index = indexOf(name);
        if (this.lost.has(this.tags[index]!.device)) return undefined;
        return {
          write: async (raw) => {
            this.written.push({ tag: name, raw });
            this.set.set(index, raw);
            return { kind: 'done' };
          },
          readBack: async () => this.set.get(index) ?? Number.NaN,
        };
      },
      append: async (events) => {
        for (const event of events) await this.desk.record(event);
        return [];
      },
      record: (event) => this.desk.record(event),
    });
  }

  private hear(events: readonly Event[]): void {
    for (const event of events) {
      const by = event.data['by'];
      if (event.type === 'alarm.acknowledged') this.acknowledged.push({ id: idOf(event), by: String(by) });
      this.story.unshift(storyLine(event));
      this.events.unshift(event);
    }
    this.changed('events');
  }

  private valueOf(signal: Signal, timeMs: number): number {
    const { at, swing = 0, noise = 0 } = signal.sketch;
    signal.drift = 0.995 * signal.drift + 0.03 * this.random.normal();
    return (
      at + swing * Math.sin(timeMs / 240_000 + signal.phase) + (swing / 3) * signal.drift + noise * this.random.normal()
    );
  }

  private step(): void {
    const now = this.clock.wallMs();
    const batch = createBatch('all', this.tags.length, now);
    for (const [tag, definition] of this.tags.entries()) {
      const lostAt = this.lost.get(definition.device);
      batch.tags[tag] = tag;
      const shown = this.set.get(tag) ?? this.valueOf(this.signals[tag]!, now);
      batch.values[tag] = lostAt === undefined ? shown : Number.NaN;
      batch.quality[tag] = lostAt === undefined ? Quality.good : Quality.comm;
      batch.times[tag] = lostAt ?? now;
    }
    this.manual.remember(batch);
    this.manual.substitute(batch);
    this.live.write(batch);
    this.steps++;
  }

  private history(tag: string, fromMs: number, toMs: number, maxPoints: number) {
    const index = this.tags.findIndex((definition) => definition.name === tag);
    const { at, swing = 0, noise = 0 } = this.signals[index]!.sketch;
    const end = Math.min(toMs, this.clock.wallMs());
    const count = Math.max(0, Math.min(maxPoints, Math.floor((end - fromMs) / 1000)));
    const times = Float64Array.from({ length: count }, (_, row) => fromMs + (row * (end - fromMs)) / count);
    const gap = (row: number) => row > count * 0.6 && row < count * 0.66;
    const wave = (time: number) => at + swing * Math.sin(time / 240_000 + this.signals[index]!.phase);
    return {
      times,
      values: times.map((time, row) => (gap(row) ? Number.NaN : wave(time) + noise * this.random.normal())),
      quality: Uint8Array.from(times, (_, row) => (gap(row) ? Quality.comm : Quality.good)),
    };
  }

  private raise({
    asset,
    kind,
    value = 186.4,
    cityCase,
    place,
    ...texts
  }: Partial<Alarm & Guidance & Pick<Finding, 'place'>> & { asset: string; kind: string }): string {
    const { roles, name } = this.assets.find(({ id }) => id === asset)!;
    const id = `${asset}/${kind}`;
    this.packs.set(id, { ...packAlarm(asset, name), ...texts });
    const tag = this.tags[Object.values(roles)[0]!]!.name;
    this.desk.take({
      ...{ asset, kind, from: 'limit', active: true, score: 0.93, time: this.clock.wallMs() },
      evidence: [
        { tag, observed: value, expected: 142, unit: 'm3/h', windowS: 60 },
        { tag: 'net-inflow', observed: 51.2, expected: 12.5, unit: 'm3/h', windowS: 300 },
      ],
      ...(place ? { place } : {}),
      decision: { cusum: 'alarm 6.2 σ', balance: 'alarm +38.7 m³/h', model: 'score 0.93' },
    });
    if (cityCase) void this.desk.tellCase(id, cityCase);
    return id;
  }

  private clear(id: string): void {
    this.desk.take({ ...this.desk.register.get(id)!.finding, active: false, time: this.clock.wallMs() });
  }

  private tell(line: Omit<StoryLine, 'time'>): void {
    this.story.unshift({ time: this.clock.wallMs(), ...line });
    this.changed('events');
  }

  private devices(): DeviceStatus[] {
    return [...new Set(this.tags.map((tag) => tag.device))].map((id, index) => {
      const lostAt = this.lost.get(id);
      const silent = both(
        `read holding 0–41 of ${id}: no answer in 800 ms`,
        `读 ${id} 的保持寄存器 0–41：800 ms 内无应答`,
      );
      const foundAt = this.found.get(id);
      const troubledAt = lostAt ?? foundAt;
      const lost = troubledAt === undefined ? undefined : modbusErrors.create('TIMEOUT', silent);
      const tags = this.tags.filter((tag) => tag.device === id).length;
      const opcua = id.startsWith('gallery') || id === 'heat-plant';
      return {
        ...{ id, driver: opcua ? 'opcua' : 'modbus', state: lostAt === undefined ? 'online' : 'backing-off', tags },
        endpoint: opcua ? `opc.tcp://127.0.0.1:${4840 + index}` : `tcp://127.0.0.1:${10_502 + index}`,
        since: lostAt ?? this.gateway.startedAt,
        lastError: lost ? `${lost.code} ${lost.message}` : '',
        ...(lost && troubledAt !== undefined ? { problem: problemOf(lost), troubledAt } : {}),
        nextStep: lost?.next ?? '',
        samples: this.steps * tags,
        badSamples: lostAt === undefined ? 0 : tags * 3,
        groups: opcua ? [] : groupsOf(tags, lostAt === undefined ? 1000 + index * 20 : null, this.steps),
        polls: { due: this.steps * 3, late: 0, p99LatenessMs: 1.8 + index * 0.4 },
        reconnects: lostAt === undefined ? 0 : 2,
      };
    });
  }

  private inspect(device: string): ConsoleInspection | undefined {
    const status = this.devices().find(({ id }) => id === device);
    const tags = [...this.tags.keys()].filter((tag) => this.tags[tag]?.device === device);
    return status && inspectionOf(status, tags, this.steps, this.clock.wallMs());
  }

  private deadLetters(): ConsoleDeadLetters {
    const dealt = async (did: 'resend' | 'discard', ids: readonly string[] = [...this.letters.keys()], by: string) => {
      this.dealtWith.push({ did, ids, by });
      const count = ids.filter((id) => this.letters.delete(id)).length;
      this.changed('devices');
      return count;
    };
    return {
      list: () => [...this.letters.values()],
      resend: (ids, by) => dealt('resend', ids, by),
      discard: (ids, by) => dealt('discard', ids, by),
    };
  }

  private changed(what: ConsoleChange): void {
    for (const listener of this.listeners) listener(what);
  }
}

function deadLetter(number: number, now: number): ConsoleDeadLetter {
  const why = both(`status 422, "no grid code for dma-${number}"`, `状态 422，“no grid code for dma-${number}”`);
  const refusal = webhookErrors.create('REFUSED', why);
  return {
    ...{ id: `hrb-07/events/e/${number}`, type: 'city.lifeline.alarm.raised', subject: `dma-${number}` },
    ...{ time: now - 3_600_000, since: now - 60_000, reason: errorWithNext(refusal), problem: problemOf(refusal) },
  };
}

function groupsOf(points: number, achievedMs: number | null, readings: number): GroupStatus[] {
  const group = { overruns: 0, p99LatenessMs: 2.4, requests: 3, readings };
  return [
    { ...group, periodMs: 1000, achievedMs, steadyMs: achievedMs, points: points - 4 },
    { ...group, periodMs: 10_000, achievedMs: null, steadyMs: null, points: 4, requests: 1 },
  ];
}
