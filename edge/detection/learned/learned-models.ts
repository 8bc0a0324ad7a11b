import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Asset } from '../../core/asset.ts';
import { LifelineError } from '../../core/errors.ts';
import type { ShelfChange } from '../../core/model-shelf.ts';
import { type Detector, type DetectorContext, type OwnWatch, type Snapshot, scoreOfRatio } from '../detector.ts';
import { type ModelAnswer, ModelRunner, type ModelStatus } from '../model.ts';
import type { ModelPort } from '../model-thread.ts';
import { bindInputs, RecentSteps } from './inputs.ts';
import { ModelsDisk } from './models-disk.ts';
import { dayAt, type ModelEntry, newEntry, stabilityOf } from './record.ts';
import { limitOf, newSeatState, type Seat, takeOutput, takeStep } from './seat.ts';
import { versionFolder } from './shelf.ts';
import { ShelfDesk } from './shelf-desk.ts';
import { placeOf, type ShelfState } from './shelf-state.ts';
import { objectionToSignature } from './signature.ts';
import { parseSiteManifest, type SiteManifest } from './site-manifest.ts';

/** How often the folder is looked at for models that were promoted or rolled back, and how often the record is written. */
const LOOK_EVERY_MS = 30_000;
const WRITE_EVERY_MS = 600_000;
const MINUTE_MS = 60_000;
/** Assets take turns over so many seconds, so that the loop is never held up by all models at once. */
const TURNS = 10;
/** Roles that a claim names. */
const NAMED_ROLES = 3;

/** Where learned models are and whom to trust. */
export interface LearnedOptions {
  /** Folder with `<asset>/<version>/` and `state.json`. */
  readonly folder: string;
  /** File for what the models' outputs came to; nothing is recorded when left out. */
  readonly recordFile: string | undefined;
  readonly trustedKeys: readonly KeyObject[];
  readonly allowUnsigned: boolean;
}

/** What a learned model is doing, for the gateway's status. */
export interface LearnedStatus extends ModelStatus {
  readonly asset: string;
  readonly shadow: boolean;
  readonly score: number;
  readonly outOfModel: boolean;
  readonly drifting: boolean;
}

interface Parts {
  readonly assets: readonly Asset[];
  readonly context: DetectorContext;
  readonly options: LearnedOptions;
  readonly spawn: () => ModelPort;
  readonly notice: (error: LifelineError) => void;
  readonly ready: () => void;
}

const saved = z.object({
  ...{ mean: z.number(), above: z.boolean(), rise: z.number(), drifting: z.boolean(), outOfModel: z.boolean() },
  sawEvent: z.boolean(),
});

/** The steps before the newest row; without them a model that looks back says nothing until they have passed again. */
const savedSteps = z.object({
  step: z.number(),
  recent: z.array(z.array(z.unknown())),
  standing: z.object({ states: z.array(z.number()), steps: z.number() }),
});

/**
 * Models trained on site or brought: of each asset the one that decides and, beside it, one in shadow. They are taken from
 * the models folder as `state.json` says, and changed while the gateway runs when it says otherwise.
 */
export class LearnedModels implements Detector {
  private readonly parts: Parts;
  private readonly disk: ModelsDisk;
  /** What people see of the folder. */
  readonly shelf: ShelfDesk;
  private seats: Seat[] = [];
  private kept: Snapshot = {};
  private entries: readonly ModelEntry[] = [];
  private lookedAt = Number.NEGATIVE_INFINITY;
  private writtenAt = 0;
  private minute = Number.NaN;
  private work: Promise<unknown>;
  private stopped = false;

  constructor(parts: Parts) {
    this.parts = parts;
    const { folder, recordFile } = parts.options;
    this.disk = new ModelsDisk(join(folder, 'state.json'), recordFile, parts.notice);
    const { assets } = parts;
    this.shelf = new ShelfDesk({
      folder,
      assets,
      disk: this.disk,
      seats: () => this.seats,
      entries: () => this.entries,
    });
    this.writtenAt = parts.context.clock.monotonicMs();
    this.work = this.disk.record().then((entries) => {
      this.entries = entries;
      return this.look();
    });
  }

  tick(wallMs: number, monotonicMs: number): void {
    if (monotonicMs - this.lookedAt >= LOOK_EVERY_MS) {
      this.lookedAt = monotonicMs;
      this.work = this.work.then(() => this.look());
    }
    if (monotonicMs - this.writtenAt >= WRITE_EVERY_MS) {
      this.writtenAt = monotonicMs;
      this.work = this.work.then(() => this.write());
    }
    const { live, trust } = this.parts.context;
    const read = (tag: number) => (trust.usable(tag) ? (live.values[tag] ?? Number.NaN) : Number.NaN);
    const isMinute = Math.floor(monotonicMs / MINUTE_MS) !== this.minute;
    this.minute = Math.floor(monotonicMs / MINUTE_MS);
    for (const seat of this.seats) {
      const row = takeStep(seat, wallMs, read);
      if (isMinute && seat.novelty && !seat.shadow)
        this.parts.context.outOfModel.take(seat.asset.id, seat.novelty.beyond, seat.novelty.unseenMode);
      if (row) void seat.runner.run(row).then((answer) => this.conclude(seat, row, answer, wallMs));
    }
  }

  /** Does what a person wants at once; rejects with the coded reason when it may not be done. */
  change(wish: ShelfChange): Promise<void> {
    const done = this.work.then(async () => {
      await this.shelf.change(wish);
      await this.look();
    });
    this.work = done.catch(() => undefined);
    return done;
  }

  /** Resolves when no model owes an answer and nothing is on its way to the disk. */
  async idle(): Promise<void> {
    await this.work;
    await Promise.all(this.seats.map(({ runner }) => runner.idle()));
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    await this.work;
    await this.write();
    await Promise.all(this.seats.map(({ runner }) => runner.stop()));
  }

  status(): readonly LearnedStatus[] {
    return this.seats.map((seat) => {
      const { asset, shadow, runner, state } = seat;
      const { outOfModel, drifting, mean } = state;
      const score = mean / (limitOf(seat) ?? Number.POSITIVE_INFINITY);
      return { ...runner.status(), asset: asset.id, shadow, outOfModel, drifting, score };
    });
  }

  /** Of models that decide; shadows have no say. */
  watches(): readonly OwnWatch[] {
    return this.seats.filter(({ shadow }) => !shadow).map(watchOf);
  }

  snapshot(): Snapshot {
    return Object.fromEntries(
      this.seats.map(({ asset, version, shadow, state, step, recent, standing }) => [
        keyOf(asset.id, version, shadow),
        { ...state, step, recent: recent?.remembered ?? [], standing: { ...standing } },
      ]),
    );
  }

  /** Models that are not seated yet take theirs over when they are. */
  restore(snapshot: Snapshot): readonly string[] {
    this.kept = snapshot;
    for (const seat of this.seats) this.recall(seat);
    return Object.entries(snapshot).flatMap(([key, state]) => {
      const found = saved.safeParse(state);
      const [asset = '', , shadow] = key.split('@');
      const known = this.parts.assets.some(({ id }) => id === asset);
      if (!found.success || !known || shadow !== undefined) return [];
      return [
        ...(found.data.above ? [`${asset}/unusual`] : []),
        ...(found.data.drifting ? [`${asset}/model-drift`] : []),
      ];
    });
  }

  private recall(seat: Seat): void {
    const kept = this.kept[keyOf(seat.asset.id, seat.version, seat.shadow)];
    const found = saved.safeParse(kept);
    if (found.success) Object.assign(seat.state, found.data);
    const steps = savedSteps.safeParse(kept);
    if (!steps.success || !seat.recent) return;
    seat.recent.recall(steps.data.recent);
    seat.step = steps.data.step;
    Object.assign(seat.standing, steps.data.standing);
  }

  /** Seats the models that the folder's state asks for, and lets go those that it asks for no more. */
  private async look(): Promise<void> {
    const state = await this.disk.state();
    if (!state || this.stopped) return;
    const wanted = this.parts.assets.flatMap((asset) => wantedOf(state, asset));
    const same = (a: Wanted, b: Wanted) =>
      a.asset.id === b.asset.id && a.version === b.version && a.shadow === b.shadow;
    const gone = this.seats.filter((seat) => !wanted.some((one) => same(one, seat)));
    const kept = this.seats.filter((seat) => !gone.includes(seat));
    const fresh = wanted.filter((one) => !kept.some((seat) => same(one, seat)));
    this.seats = kept;
    for (const seat of gone) {
      await seat.runner.stop();
      this.letGo(seat);
    }
    // one after another: reading and checking many at once would hold up the loop and take memory
    for (const one of fresh) {
      if (this.stopped) return;
      const seat = this.seat(one);
      this.seats = [...this.seats, seat];
      await seat.runner.idle();
    }
    this.kept = {};
  }

  private seat({ asset, version, shadow }: Wanted): Seat {
    const { context, options, spawn, notice, ready } = this.parts;
    const entry =
      this.entries.find((one) => one.asset === asset.id && one.version === version) ?? newEntry(asset.id, version);
    if (!this.entries.includes(entry)) this.entries = [...this.entries, entry];
    const read = (text: string): SiteManifest | LifelineError => {
      const manifest = parseSiteManifest(text);
      const bound = bindInputs(manifest, asset, context.tags);
      if (bound instanceof LifelineError) return bound;
      const objection = objectionToSignature(manifest, options);
      if (objection) return objection;
      // parity vectors are the runner's, and by far the largest part
      Object.assign(seat, { manifest: { ...manifest, parity: [] }, recent: new RecentSteps(bound) });
      this.recall(seat);
      return manifest;
    };
    const manifestFile = join(versionFolder(options.folder, asset.id, version), 'manifest.json');
    const runner = new ModelRunner(manifestFile, { clock: context.clock, spawn, notice, ready, read });
    const seat: Seat = {
      ...{ asset, version, shadow, runner, entry, state: newSeatState() },
      ...{ manifest: undefined, recent: undefined, step: Number.NaN, novelty: undefined },
      standing: { states: [], steps: 0 },
      tolerance: () => context.tolerance({ asset, kind: 'unusual' }),
      phaseMs: (this.parts.assets.indexOf(asset) % TURNS) * 1000,
    };
    this.recall(seat);
    return seat;
  }

  private letGo(seat: Seat): void {
    if (seat.shadow) return;
    if (seat.state.above) this.emit(seat, 'unusual', false, []);
    if (seat.state.drifting) this.emit(seat, 'model-drift', false, []);
  }

  private async conclude(seat: Seat, row: Float32Array, answer: ModelAnswer, timeMs: number): Promise<void> {
    if ('bypassed' in answer || !this.seats.includes(seat)) return;
    const { turned, drifted } = takeOutput(seat, answer.outputs[0] ?? Number.NaN, timeMs);
    if (seat.shadow) {
      if (seat.state.above && this.other(seat)?.state.above) seat.state.sawEvent = true;
      return;
    }
    if (turned) this.compareWithShadow(seat, timeMs);
    if (turned)
      this.emit(seat, 'unusual', seat.state.above, seat.state.above ? await this.contributions(seat, row) : []);
    if (drifted) this.emit(seat, 'model-drift', seat.state.drifting, []);
  }

  /** An event of the active model, begun or ended: did its shadow see it? */
  private compareWithShadow(active: Seat, timeMs: number): void {
    const shadow = this.other(active);
    if (!shadow) return;
    const { state, entry } = shadow;
    if (active.state.above) state.sawEvent = state.above;
    else {
      const day = dayAt(entry, timeMs);
      day.activeEpisodes++;
      if (state.sawEvent) day.agreed++;
    }
  }

  /** The other seat at the same asset. */
  private other({ asset, shadow }: Seat): Seat | undefined {
    return this.seats.find((seat) => seat.asset.id === asset.id && seat.shadow !== shadow);
  }

  /** The roles with the largest shares, largest first. */
  private async contributions({ manifest, runner }: Seat, row: Float32Array): Promise<readonly Contribution[]> {
    if (!manifest?.contributionsName) return [];
    const found = await runner.explain(row, manifest.contributionsName);
    if (!found) return [];
    const total = found.reduce((sum, share) => sum + share, 0);
    return manifest.contributors
      .map((role, at) => ({ role, share: (found[at] ?? 0) / total }))
      .sort((a, b) => b.share - a.share)
      .slice(0, NAMED_ROLES);
  }

  private emit(seat: Seat, kind: 'unusual' | 'model-drift', active: boolean, roles: readonly Contribution[]): void {
    const { asset, state, manifest, version, entry } = seat;
    const limit = limitOf(seat) ?? 1;
    const ratio = state.mean / limit;
    const tag = asset.roles[roles[0]?.role ?? ''];
    const drift = kind === 'model-drift';
    this.parts.context.emit({
      ...{ asset: asset.id, kind, from: 'learned-model', active, time: this.parts.context.clock.wallMs() },
      score: drift ? (active ? 1 : 0) : ratio ** 2 / (1 + ratio ** 2),
      evidence: [
        {
          tag: tag === undefined ? 'model' : this.parts.context.tags.at(tag).name,
          observed: drift ? stabilityOf(entry) : state.mean,
          ...{ expected: drift ? 0 : limit, unit: '', windowS: (manifest?.stepS ?? 0) / (manifest?.smoothing ?? 1) },
        },
      ],
      decision: {
        model: `version ${version}`,
        ...Object.fromEntries(roles.map(({ role, share }) => [role, `${Math.round(100 * share)} %`])),
      },
    });
  }

  private write(): Promise<void> {
    return this.disk.writeRecord(this.entries);
  }
}

interface Contribution {
  readonly role: string;
  readonly share: number;
}

function watchOf(seat: Seat): OwnWatch {
  const { asset, runner, manifest, state } = seat;
  const { state: phase, code } = runner.status();
  const limit = limitOf(seat) ?? Number.NaN;
  const windowS = (manifest?.stepS ?? 0) / (manifest?.smoothing ?? 1);
  const own = {
    ...{ asset: asset.id, kind: 'unusual', roles: [], ...(code === '' ? {} : { code }) },
    evidence: [{ tag: 'model', observed: state.mean, expected: limit, unit: '', windowS }],
  };
  if (phase !== 'ready') return { ...own, state: 'waiting', reason: 'model', score: null };
  if (state.outOfModel) return { ...own, state: 'out-of-model', score: null };
  return { ...own, state: state.above ? 'claimed' : 'watching', score: scoreOfRatio(state.mean / limit) };
}

/** A seat that is asked for. */
type Wanted = Pick<Seat, 'asset' | 'version' | 'shadow'>;

function wantedOf(state: ShelfState, asset: Asset): readonly Wanted[] {
  const { active, shadow } = placeOf(state, asset.id);
  return [
    ...(active === null ? [] : [{ asset, version: active, shadow: false }]),
    ...(shadow === null ? [] : [{ asset, version: shadow, shadow: true }]),
  ];
}

const keyOf = (asset: string, version: number, shadow: boolean): string =>
  `${asset}@${version}${shadow ? '@shadow' : ''}`;
