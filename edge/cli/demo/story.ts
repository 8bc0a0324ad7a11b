import type { Text } from '../../core/text.ts';
import type { Language } from '../language.ts';

const sources = {
  city: { zh: '城市·真相', en: 'city·truth' },
  parts: { zh: '启动', en: 'start' },
  gateway: { zh: '网关', en: 'gateway' },
  alarm: { zh: '报警', en: 'alarm' },
  received: { zh: '平台收到', en: 'received' },
  live: { zh: '实时', en: 'live' },
  end: { zh: '结束', en: 'end' },
} as const;

const colours: Readonly<Partial<Record<keyof typeof sources, string>>> = {
  city: '\u001b[2m',
  alarm: '\u001b[31m',
  received: '\u001b[36m',
};

/** Columns that a terminal gives the text: East Asian characters take two. */
function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[\u1100-\uffdc]/.test(letter) ? 2 : 1), 0);
}

/** Tells the demo's story on a stream, a line with its time for each thing that happened. */
export class Story {
  private readonly startedMs = performance.now();
  private readonly output: NodeJS.WriteStream;
  readonly language: Language;

  constructor(output: NodeJS.WriteStream, language: Language) {
    this.output = output;
    this.language = language;
  }

  /** Seconds since the story began. */
  get elapsedS(): number {
    return (performance.now() - this.startedMs) / 1000;
  }

  tell(source: keyof typeof sources, text: Text): void {
    const name = sources[source][this.language];
    const pad = ' '.repeat(Math.max(0, 11 - columnsOf(name)));
    const line = `${this.elapsedS.toFixed(1).padStart(6)} s  ${name}${pad} ${text[this.language]}`;
    const colour = this.output.isTTY ? colours[source] : undefined;
    this.output.write(colour ? `${colour}${line}\u001b[0m\n` : `${line}\n`);
  }
}
