/** What every subcommand about a gateway's models is told. */
export interface ModelsOptions {
  readonly config: string;
  readonly data: string;
  readonly version?: number;
  readonly json?: boolean;
  readonly force?: boolean;
  readonly key?: string;
  readonly days: number;
}
