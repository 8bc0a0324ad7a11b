import { basename, dirname, resolve } from 'node:path';
import { putTexts } from '../config/configuration-change.ts';
import { byRows, changesBetween, draftOf, textsOf } from '../config/configuration-draft.ts';
import { type ConfigurationTexts, hashOf, loadTexts, readTexts, tablesNamedIn } from '../config/configuration-texts.ts';
import { ConfigurationVersions } from '../config/configuration-versions.ts';
import type { LoadContext, LoadedGateway, LoadResult } from '../config/load.ts';
import { columns } from '../config/point-columns.ts';
import type { Problem } from '../config/problem.ts';
import type {
  BroughtTable,
  ConfigurationChanges,
  ConfigurationDraft,
  ConfigurationOutcome,
  ConfigurationVerdict,
  ConfigurationVersionView,
  ConfigurationView,
  ConsoleConfiguration,
  TableReading,
} from '../console/configuration-api.ts';
import type { Clock } from '../core/clock.ts';
import type { TagTable } from '../core/tag.ts';
import { readBroughtTable } from './brought-table.ts';
import type { ConfigurationChange } from './configured.ts';
import { shownProblem } from './shown-problem.ts';

/** Where the files of a configuration lie, and what they may name. */
export interface ConfigurationFiles {
  readonly file: string;
  readonly context: LoadContext;
}

interface DeskParts extends ConfigurationFiles {
  readonly dataDir: string;
  readonly clock: Clock;
  /** Goes on with what `load` gives, one change after another; rejects with nothing changed. */
  reconfigure(
    load: (running: TagTable) => Promise<LoadedGateway | undefined>,
    by: string,
  ): Promise<ConfigurationChange | undefined>;
}

/** The files of the running configuration, for people who look at them and change them over the console. */
export class ConfigurationDesk implements ConsoleConfiguration {
  private readonly parts: DeskParts;
  private readonly file: string;
  private readonly kept: ConfigurationVersions;

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.file = resolve(parts.file);
    this.kept = new ConfigurationVersions(parts.dataDir);
  }

  readTable(brought: BroughtTable): Promise<TableReading> {
    return readBroughtTable(brought);
  }

  async read(): Promise<ConfigurationView> {
    return this.viewOf(await readTexts(this.file));
  }

  async check(draft: ConfigurationDraft): Promise<ConfigurationVerdict> {
    const before = await readTexts(this.file);
    const next = textsOf(this.file, draft, before);
    return {
      ...this.problemsOf(await loadTexts(this.file, byRows(next), this.parts.context)),
      changes: changesBetween(this.file, before, next),
      tables: tablesNamedIn(draft.yaml),
    };
  }

  apply(draft: ConfigurationDraft, base: string, by: string): Promise<ConfigurationOutcome> {
    return this.change((before) => textsOf(this.file, draft, before), base, by);
  }

  async versions(): Promise<readonly ConfigurationVersionView[]> {
    const kept = await this.kept.list();
    return kept.map(({ texts, ...version }, index) => {
      const earlier = kept[index + 1]?.texts;
      const files = [...texts.keys()].filter((path) => texts.get(path) !== earlier?.get(path));
      return { ...version, files };
    });
  }

  async compare(version: number): Promise<readonly ConfigurationChanges[] | undefined> {
    const wanted = await this.kept.find(version);
    return wanted && changesBetween(this.file, await readTexts(this.file), wanted.texts);
  }

  async rollBack(version: number, base: string, by: string): Promise<ConfigurationOutcome | undefined> {
    const wanted = await this.kept.find(version);
    return wanted && this.change(() => wanted.texts, base, by);
  }

  /** Judged, written and taken in while nothing else changes the configuration; whatever fails leaves all as it was. */
  private async change(
    make: (before: ConfigurationTexts) => ConfigurationTexts,
    base: string,
    by: string,
  ): Promise<ConfigurationOutcome> {
    let refused: ConfigurationOutcome | undefined;
    let written:
      | { readonly before: ConfigurationTexts; readonly next: ConfigurationTexts; readonly version: number }
      | undefined;
    const load = async (running: TagTable) => {
      const before = await readTexts(this.file);
      const next = make(before);
      if (hashOf(before) !== base) {
        refused = await this.conflict(before, next);
        return undefined;
      }
      const loaded = await loadTexts(this.file, byRows(next), this.parts.context, running);
      if (!loaded.gateway) {
        refused = { result: 'refused', ...this.problemsOf(loaded) };
        return undefined;
      }
      await this.keepWhatStands(before);
      await putTexts(this.file, before, next);
      const version = await this.keep(next, by);
      written = { before, next, version };
      return loaded.gateway;
    };
    const change = await this.parts.reconfigure(load, by).catch(async (error: unknown) => {
      if (written) {
        await putTexts(this.file, written.next, written.before);
        await this.kept.remove(written.version);
      }
      throw error;
    });
    if (refused) return refused;
    if (!written) throw new Error('a change of the configuration came to nothing');
    const { before, next, version } = written;
    return {
      ...{ result: 'applied', before: hashOf(before), after: hashOf(next), version },
      atNextStart: change?.atNextStart ?? [],
    };
  }

  /** What was written by hand since the newest version is kept too, so that there is a way back to it. */
  private async keepWhatStands(before: ConfigurationTexts): Promise<void> {
    const [newest] = await this.kept.list();
    if (newest?.hash !== hashOf(before)) await this.keep(before, '');
  }

  private keep(texts: ConfigurationTexts, by: string): Promise<number> {
    return this.kept.add({ time: this.parts.clock.wallMs(), by, hash: hashOf(texts), texts });
  }

  private async conflict(current: ConfigurationTexts, next: ConfigurationTexts): Promise<ConfigurationOutcome> {
    const [newest] = await this.kept.list();
    const known = newest?.hash === hashOf(current) ? newest : undefined;
    return {
      ...{ result: 'conflict', by: known?.by ?? '', time: known?.time ?? this.parts.clock.wallMs() },
      ...{ current: this.viewOf(current), changes: changesBetween(this.file, current, next) },
    };
  }

  private viewOf(texts: ConfigurationTexts): ConfigurationView {
    return {
      ...draftOf(this.file, texts),
      file: basename(this.file),
      hash: hashOf(texts),
      columns: columns.map(({ key, zh, describe }) => ({ key, zh, describe })),
    };
  }

  private problemsOf({ errors, warnings }: LoadResult): Pick<ConfigurationVerdict, 'errors' | 'warnings'> {
    const folder = dirname(this.file);
    const shown = (problem: Problem) => shownProblem(problem, folder);
    return { errors: errors.map(shown), warnings: warnings.map(shown) };
  }
}
