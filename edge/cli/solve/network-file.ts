import { readFile } from 'node:fs/promises';
import { checkNetwork } from '../../../simulator/network/check.ts';
import { networkErrors } from '../../../simulator/network/errors.ts';
import { type Network, networkSchema } from '../../../simulator/network/format.ts';
import { strayKeys } from '../../../simulator/network/stray-keys.ts';
import { configErrors } from '../../config/errors.ts';
import { fileReason } from '../../config/file-reason.ts';
import { checkAgainst, type LocatedYaml, parseLocatedYaml } from '../../config/located-yaml.ts';
import { type Problem, problemAt } from '../../config/problem.ts';
import { jsonMistakeAt } from './json-syntax.ts';

/** A network file that was read, or everything that is wrong with it. */
export interface NetworkReading {
  readonly network: Network | undefined;
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const failed = (...errors: readonly Problem[]): NetworkReading => ({ network: undefined, errors, warnings: [] });

/** Reads and checks a network; every problem is located in the file. */
export async function readNetworkFile(file: string): Promise<NetworkReading> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (cause) {
    const error = configErrors.create('FILE', `cannot read ${file}${fileReason(cause)}`, cause);
    return failed(problemAt({ file, line: 1, column: 1, path: '' }, error));
  }
  return readNetwork(file, text);
}

/** The same for a text; `file` is what problems call it. */
export function readNetwork(file: string, text: string): NetworkReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return failed(syntaxProblem(file, text, cause));
  }
  const strays = strayKeys(value);
  const parsed = networkSchema.safeParse(value);
  const faults = parsed.success ? checkNetwork(parsed.data) : [];
  if (parsed.success && faults.length === 0 && strays.length === 0) {
    return { network: parsed.data, errors: [], warnings: [] };
  }
  // JSON is YAML; the reader that keeps positions is slow, and needed only where there is something to tell.
  const located = parseLocatedYaml(file, text);
  if (located.problems.length > 0) return failed(...located.problems);
  const misspelt = strays.filter(({ meant }) => meant !== undefined).map((stray) => strayProblem(located, stray));
  const passedOver = strays.filter(({ meant }) => meant === undefined).map((stray) => strayProblem(located, stray));
  const errors = [
    ...misspelt,
    ...checkAgainst(located, networkSchema).problems,
    ...faults.map(({ path, error, fix }) => located.problem(path, error, fix)),
  ];
  return { network: parsed.success && errors.length === 0 ? parsed.data : undefined, errors, warnings: passedOver };
}

function strayProblem(located: LocatedYaml, { path, key, meant }: ReturnType<typeof strayKeys>[number]): Problem {
  const error = configErrors.create('KEY', `unknown key "${key}"`);
  return located.problemAtKey(path, key, error, meant ? `did you mean "${meant}"?` : 'it is passed over');
}

function syntaxProblem(file: string, text: string, cause: unknown): Problem {
  const before = text.slice(0, jsonMistakeAt(text)).split('\n');
  const place = { file, line: before.length, column: (before.at(-1) ?? '').length + 1, path: '' };
  const why = cause instanceof Error ? cause.message.replace(/ in JSON at position .*$/, '') : 'not JSON';
  return problemAt(place, networkErrors.create('SYNTAX', why));
}
