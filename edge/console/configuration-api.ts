import type { ConfigurationProblem } from '../core/configuration-problem.ts';
import type { Text } from '../core/text.ts';

export type { ConfigurationProblem };

/** A point table as rows of cells, the header among them. */
export interface ConfigurationTable {
  readonly path: string;
  readonly cells: readonly (readonly string[])[];
}

/** What is edited; secrets that are written into `yaml` stand there as `!secret left-out-…`, and stay what they are. */
export interface ConfigurationDraft {
  readonly yaml: string;
  readonly tables: readonly ConfigurationTable[];
}

/** The configuration on disk. */
export interface ConfigurationView extends ConfigurationDraft {
  /** Name of the file that `yaml` is. */
  readonly file: string;
  /** What a change is made from: another one says that somebody has changed something since. */
  readonly hash: string;
  /** Columns that a point table may have. */
  readonly columns: readonly { readonly key: string; readonly zh: string; readonly describe: string }[];
}

/** What changes in one file. */
export interface ConfigurationChanges {
  readonly file: string;
  readonly lines: readonly { readonly sign: ' ' | '-' | '+'; readonly text: string }[];
}

/** What a draft would come to. */
export interface ConfigurationVerdict {
  readonly errors: readonly ConfigurationProblem[];
  readonly warnings: readonly ConfigurationProblem[];
  /** Against what is on disk; files without a difference are left out. */
  readonly changes: readonly ConfigurationChanges[];
  /** Point tables that the draft names and that can be edited here. */
  readonly tables: readonly string[];
}

/** A configuration that was in force. */
export interface ConfigurationVersionView {
  readonly number: number;
  /** ms since epoch. */
  readonly time: number;
  /** Empty where it was not brought by the console. */
  readonly by: string;
  readonly hash: string;
  /** Files that differ from the version before. */
  readonly files: readonly string[];
}

/** What became of a change. Only the first changes anything. */
export type ConfigurationOutcome =
  | {
      readonly result: 'applied';
      readonly before: string;
      readonly after: string;
      readonly version: number;
      /** Keys of `gateway.yaml` that take effect at the next start. */
      readonly atNextStart: readonly string[];
    }
  | ({ readonly result: 'refused' } & Pick<ConfigurationVerdict, 'errors' | 'warnings'>)
  | {
      /** Somebody else was faster. */
      readonly result: 'conflict';
      readonly by: string;
      readonly time: number;
      /** What stands now, and how the draft differs from it. */
      readonly current: ConfigurationView;
      readonly changes: readonly ConfigurationChanges[];
    };

/** A file with a point table that somebody brings. */
export interface BroughtTable {
  readonly name: string;
  /** For which it is: a sheet of that name is taken alone, otherwise all sheets are. */
  readonly device: string;
  /** Of the header. */
  readonly language: keyof Text;
  readonly bytes: Uint8Array;
}

/** What is in it: cells, header first, or mistakes. */
export interface TableReading {
  readonly cells: ConfigurationTable['cells'];
  readonly problems: readonly ConfigurationProblem[];
}

/** The configuration of the gateway, as files; each act resolves once it is on disk and in force. */
export interface ConsoleConfiguration {
  read(): Promise<ConfigurationView>;
  readTable(brought: BroughtTable): Promise<TableReading>;
  check(draft: ConfigurationDraft): Promise<ConfigurationVerdict>;
  /** @param base hash of what the draft was made from */
  apply(draft: ConfigurationDraft, base: string, by: string): Promise<ConfigurationOutcome>;
  versions(): Promise<readonly ConfigurationVersionView[]>;
  /** How the files of a version differ from those on disk; undefined where there is no such version. */
  compare(version: number): Promise<readonly ConfigurationChanges[] | undefined>;
  /** Undefined where there is no such version. */
  rollBack(version: number, base: string, by: string): Promise<ConfigurationOutcome | undefined>;
}
