import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asset } from '../../core/asset.ts';
import type { ModelAtWork, ModelPast, ShelfChange, ShelfRole, ShelfVersion } from '../../core/model-shelf.ts';
import { both, type Text } from '../../core/text.ts';
import { shelfErrors } from '../errors.ts';
import type { ModelsDisk } from './models-disk.ts';
import { type ModelEntry, rowsOfDays, stabilityOf, TRIAL_DAYS, totalOf, trialOf } from './record.ts';
import { limitOf, type Seat } from './seat.ts';
import { versionFolder, versionsOf } from './shelf.ts';
import { promotion, requireProof, rollBack } from './shelf-change.ts';
import { type ModelPlace, placeOf, type ShelfState, shadowed } from './shelf-state.ts';
import { parseSiteManifest } from './site-manifest.ts';

/** Of each asset so many of the newest versions are listed, and those that are placed. */
const MOST_VERSIONS = 5;
/** Versions listed in all. */
const MOST_LISTED = 1_000;

/** What a manifest says that people ask for. */
type Facts = Pick<ShelfVersion, 'kind' | 'signed' | 'source' | 'first' | 'last'> & {
  readonly limit: number;
  readonly stepS: number;
};

interface Parts {
  readonly folder: string;
  readonly assets: readonly Asset[];
  readonly disk: ModelsDisk;
  readonly seats: () => readonly Seat[];
  readonly entries: () => readonly ModelEntry[];
}

/** What people see of a models folder, and do with it, while the gateway runs. */
export class ShelfDesk {
  private readonly parts: Parts;
  /** By manifest file, with the time of its last change: manifests are large, for their parity vectors. */
  private readonly facts = new Map<string, { readonly changedMs: number; readonly facts: Facts | undefined }>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Versions of all assets, the newest of each first. Throws LL-MODEL-STATE. */
  async list(): Promise<readonly ShelfVersion[]> {
    const { folder, assets, disk } = this.parts;
    const state = await disk.read();
    const listed: ShelfVersion[] = [];
    for (const { id } of assets) {
      const place = placeOf(state, id);
      const versions = (await versionsOf(folder, id)).toReversed();
      const placed = [place.active, place.previous, place.shadow];
      const shown = versions.filter((version, index) => index < MOST_VERSIONS || placed.includes(version));
      for (const version of shown) listed.push(await this.versionOf(id, version, place));
      if (listed.length >= MOST_LISTED) break;
    }
    return listed.slice(0, MOST_LISTED);
  }

  /** Writes down what a person wants, when it may be; throws the coded reason when it may not. */
  async change({ change, asset, version }: ShelfChange): Promise<void> {
    const state = await this.parts.disk.read();
    await this.parts.disk.writeState(await this.changed(state, change, asset, version));
  }

  private async changed(
    state: ShelfState,
    change: ShelfChange['change'],
    asset: string,
    version: number,
  ): Promise<ShelfState> {
    const { active, shadow } = placeOf(state, asset);
    const { folder } = this.parts;
    const require = (holds: boolean, why: Text) => {
      if (!holds)
        throw shelfErrors.create(
          'VERSION',
          both(`${change} version ${version} of ${asset}: ${why.en}`, `${asset} 的版本 ${version}：${why.zh}`),
        );
    };
    switch (change) {
      case 'shadow':
        require((await versionsOf(folder, asset)).includes(version), both(
          'it is not in the models folder',
          '不在模型目录中',
        ));
        require(version !== active, both('it is the one that decides', '正在决策'));
        return shadowed(state, asset, version);
      case 'unshadow':
        require(shadow === version, both('it is not in shadow any more', '已不在影子运行'));
        return shadowed(state, asset, null);
      case 'promote': {
        require(shadow === version, both('it is not in shadow any more', '已不在影子运行'));
        const seat = this.seatOf(asset, version);
        const { state: phase, code } = seat?.runner.status() ?? { state: 'loading', code: '' };
        if (!seat?.manifest || phase !== 'ready')
          throw shelfErrors.create(
            'UNPROVEN',
            both(
              `promote version ${version} of ${asset}: it is ${phase} ${code}`.trim(),
              `启用 ${asset} 的版本 ${version}：尚未就绪 ${code}`.trim(),
            ),
          );
        const { stepS, counter } = seat.manifest;
        requireProof(this.entryOf(asset, version), { asset, version, stepS, days: TRIAL_DAYS });
        return promotion(state, asset, version, counter);
      }
      case 'roll-back':
        require(active === version, both('it is not the one that decides any more', '已不再决策'));
        return rollBack(state, asset);
    }
  }

  private async versionOf(asset: string, version: number, place: ModelPlace): Promise<ShelfVersion> {
    const facts = await this.factsOf(asset, version);
    const { kind = '', signed = false, source = '', first = '', last = '' } = facts ?? {};
    const role = roleOf(version, place);
    const entry = this.entryOf(asset, version);
    const trial = role === 'shadow' && facts ? trialOf(entry, rowsOfDays(TRIAL_DAYS, facts.stepS)) : null;
    const seat = this.seatOf(asset, version);
    return {
      ...{ asset, version, role, kind, signed, source, first, last, trial },
      atWork: seat ? atWork(seat) : null,
      past: entry ? pastOf(entry, facts?.limit) : null,
    };
  }

  private seatOf(asset: string, version: number): Seat | undefined {
    return this.parts.seats().find((seat) => seat.asset.id === asset && seat.version === version);
  }

  private entryOf(asset: string, version: number): ModelEntry | undefined {
    return this.parts.entries().find((entry) => entry.asset === asset && entry.version === version);
  }

  /** Undefined where the manifest cannot be read. */
  private async factsOf(asset: string, version: number): Promise<Facts | undefined> {
    const file = join(versionFolder(this.parts.folder, asset, version), 'manifest.json');
    try {
      const changedMs = (await stat(file)).mtimeMs;
      const known = this.facts.get(file);
      if (known?.changedMs === changedMs) return known.facts;
      const facts = factsIn(await readFile(file, 'utf8'));
      this.facts.set(file, { changedMs, facts });
      return facts;
    } catch {
      return undefined;
    }
  }
}

function roleOf(version: number, { active, previous, shadow }: ModelPlace): ShelfRole {
  if (version === active) return 'active';
  if (version === shadow) return 'shadow';
  if (version === previous) return 'previous';
  return version < (active ?? previous ?? 0) ? 'retired' : 'new';
}

/** Undefined for what is no manifest: whoever wants to use it is told why. */
function factsIn(text: string): Facts | undefined {
  try {
    const { kind, signature, training, limit, stepS } = parseSiteManifest(text);
    const said = (key: string) => (typeof training[key] === 'string' ? training[key].slice(0, 120) : '');
    const span = { source: said('from'), first: said('first'), last: said('last') };
    return { kind, signed: signature !== undefined, ...span, limit: limit.value, stepS };
  } catch {
    return undefined;
  }
}

function atWork(seat: Seat): ModelAtWork {
  const { runner, state } = seat;
  const { state: phase, code } = runner.status();
  const ratio = state.mean / (limitOf(seat) ?? Number.POSITIVE_INFINITY);
  return { state: phase, code, ratio, outOfModel: state.outOfModel, drifting: state.drifting };
}

function pastOf(entry: ModelEntry, limit: number | undefined): ModelPast {
  const { rows, above, missing, outOfModel, episodes, largest } = totalOf(entry);
  return {
    ...{ days: entry.days.length, rows, above, missing, outOfModel, episodes, stability: stabilityOf(entry) },
    largestRatio: limit === undefined ? null : largest / limit,
  };
}
