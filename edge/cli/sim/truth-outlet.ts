import { appendFileSync, writeFileSync } from 'node:fs';
import type { Label } from '../../../simulator/city/label.ts';
import type { Programme } from '../../../simulator/scenarios/programme.ts';
import type { SimOptions } from './options.ts';

/** Tells people or programs what happens in the city, and writes it into a file when asked. */
export class TruthOutlet {
  private readonly json: boolean;
  /** Where people read; beside a list in JSON nothing else may stand on stdout. */
  private readonly say: (text: string) => void;
  private readonly file: string | undefined;
  private readonly told = new Set<string>();

  /** Empties the file. */
  constructor({ json = false, list = false, truth }: Pick<SimOptions, 'json' | 'list' | 'truth'>) {
    this.json = json && !list;
    this.say = json ? (text) => console.error(text) : (text) => console.log(text);
    this.file = truth;
    if (truth !== undefined) writeFileSync(truth, '');
  }

  /**
   * What begins; once more, with its true end, what is ended before its time. `time` and `startMs` of a line are of this machine's clock;
   * `start` and `end` are the city's.
   */
  tell(label: Label): void {
    const { wallTime, kind, target, text } = label;
    const line = JSON.stringify({ type: 'truth', time: wallTime, startMs: Date.parse(wallTime), ...label });
    if (this.file !== undefined) appendFileSync(this.file, `${line}\n`);
    if (this.json) console.log(line);
    else if (this.told.has(label.id)) this.say(`${label.end} ${kind} at ${target}: ended`);
    else this.say(`${label.start} ${kind} at ${target}: ${text.en}`);
    this.told.add(label.id);
  }

  /** The last line: how far the city came, and the fingerprint of all that was told. */
  end(cityMs: number, { happenings, digest }: Programme['truth']): void {
    const cityTime = new Date(cityMs).toISOString();
    if (this.json) console.log(JSON.stringify({ type: 'ended', cityTime, happenings, digest }));
    else this.say(`${cityTime} ended after ${happenings} happenings, truth ${digest.slice(0, 16)}`);
  }
}
