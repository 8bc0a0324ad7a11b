import type { Log } from '../../edge/core/log.ts';
import { asText, both, type Text } from '../../edge/core/text.ts';
import { replayErrors } from './errors.ts';

/** Problems told one by one; further ones are counted. */
const maxTold = 5;

/** What is wrong with the places of one file. */
export class FileProblems {
  private readonly file: string;
  private readonly device: string;
  private readonly log: Log;
  private count = 0;
  private first = '';

  constructor(file: string, device: string, log: Log) {
    this.file = file;
    this.device = device;
    this.log = log;
  }

  readonly report = (line: number, what: string): void => {
    const place = `${this.file}:${line}`;
    if (++this.count === 1) this.first = place;
    if (this.count > maxTold) return;
    const { code, next, message } = replayErrors.create('ROW', asText(`${place}: ${what}`));
    this.log.warn({ code, device: this.device, next }, message);
  };

  /** `; 12 places could not be read, the first at history.csv:17`, or nothing. */
  summary(): Text {
    if (this.count === 0) return asText('');
    const places = this.count === 1 ? 'one place' : `${this.count} places`;
    return both(
      `; ${places} could not be read, the first at ${this.first}`,
      `；${this.count} 处无法读取，首处为 ${this.first}`,
    );
  }
}
