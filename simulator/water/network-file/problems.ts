import type { LifelineError } from '../../../edge/core/errors.ts';
import { epanetErrors } from './errors.ts';
import { isSection, type NetworkLine } from './source.ts';

/** Problems that one message names; more are counted. */
const shown = 8;

/** What helps with an error of EPANET by its code (EPANET 2.2 manual, appendix B). */
const hints: Readonly<Record<number, string>> = {
  201: 'write the line as the manual has this section',
  202: 'write a number with a point, and no negative length, diameter or roughness',
  203: 'define the node in [JUNCTIONS], [RESERVOIRS] or [TANKS], or correct its name',
  204: 'define the link in [PIPES], [PUMPS] or [VALVES], or correct its name',
  205: 'define the pattern in [PATTERNS], or leave it out',
  206: 'define the curve in [CURVES], or correct its name',
  207: 'act on another link: a check valve opens and closes by itself',
  208: 'name a node that a value can be given for',
  209: 'use a value that this property can have',
  210: 'name a link that a value can be given for',
  211: 'use a value that this property can have',
  213: 'use a value that this option can have',
  215: 'rename one of the two: an ID may be used once',
  216: 'define the pump in [PUMPS], or correct its name',
  217: 'give the pump HEAD and a curve, or POWER',
  219: 'put a pipe between the valve and the tank or reservoir',
  220: 'put a pipe between the two valves',
  222: 'join the link to two different nodes',
  223: 'give the network at least one junction and one reservoir or tank',
  224: 'add a reservoir or a tank: water must come from somewhere',
  225: 'let minimum level ≤ initial level ≤ maximum level, and let the volume curve reach them',
  226: 'give the pump HEAD and a curve, or POWER',
  227: 'let the head fall while the flow rises',
  230: 'let the x values of the curve rise',
  233: 'join the node by a pipe, or delete it',
  252: 'shorten the ID to 31 bytes (10 Chinese characters), without spaces',
  299: 'correct or delete the head of the section',
};

/** One thing that is wrong in a file, in EPANET's words. */
interface Problem {
  readonly code: number;
  readonly words: string;
  readonly line: NetworkLine | undefined;
}

const squeezed = (text: string) => (text.split(';', 1)[0] ?? '').replace(/\s+/g, ' ').trim();

/**
 * Reads what the engine reports of a file that it refuses: an error line, then the offending line as it stands in the
 * file, which is how its number is found again.
 */
export function problemsIn(report: string, lines: readonly NetworkLine[]): readonly Problem[] {
  const reported = report.split('\n').map((line) => line.trim());
  return reported.flatMap((line, index) => {
    const error = /^(?:Input )?Error (\d+): (.*?):?$/.exec(line);
    if (!error?.[1] || error[1] === '200') return [];
    return [problem(Number(error[1]), error[2] ?? '', reported[index + 1] ?? '', lines)];
  });
}

function problem(code: number, words: string, quoted: string, lines: readonly NetworkLine[]): Problem {
  const section = /\[(\w+)\]/.exec(words)?.[1] ?? (/ of Rule /.test(words) ? 'RULES' : undefined);
  const text = squeezed(quoted);
  const same = lines.filter((line) => squeezed(line.text) === text && text !== '');
  const line = same.find((candidate) => section === undefined || isSection(candidate, section)) ?? same[0];
  return { code, words, line: line ?? named(words, lines) };
}

/** The line that defines what an error names at the end, such as `… with ID:  J2`. */
function named(words: string, lines: readonly NetworkLine[]): NetworkLine | undefined {
  const id = /(?:ID:?|node|pump|tank|valve|link)\s+(\S+)$/i.exec(words)?.[1];
  return id === undefined ? undefined : lines.find((line) => line.text.split(/\s+/)[0] === id);
}

function told(file: string, { code, words, line }: Problem): string {
  const hint = hints[code];
  const place = line ? `${file}:${line.number}` : file;
  return `${place} ${words} (EPANET ${code})${line ? `, in "${squeezed(line.text)}"` : ''}${hint ? `; ${hint}` : ''}`;
}

/** The coded error of a file that the engine refuses: every problem with its line and what helps, the first ones in full. */
export function fileError(file: string, problems: readonly Problem[], cause: unknown): LifelineError {
  const messages = problems.slice(0, shown).map((entry) => told(file, entry));
  const more = problems.length > shown ? [`and ${problems.length - shown} more`] : [];
  const words = cause instanceof Error ? cause.message : String(cause);
  const message = messages.length > 0 ? [...messages, ...more].join('\n') : `${file}: ${words}`;
  return epanetErrors.create('FILE', message, cause);
}
