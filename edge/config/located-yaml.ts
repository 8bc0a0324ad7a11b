import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type ScalarTag, visit } from 'yaml';
import { z } from 'zod';
import { meant } from '../core/suggest.ts';
import { both, type Text } from '../core/text.ts';
import { configErrors } from './errors.ts';
import { type Place, type Problem, problemAt } from './problem.ts';
import { chineseOf } from './spec-texts.ts';
import { configFixes, configTexts } from './texts.ts';
import { yamlText } from './yaml-texts.ts';

/** How the message about a secret begins that is found nowhere; its name follows. */
const noSecret = 'there is no secret ';

export type Path = readonly (string | number)[];

/** A YAML text that knows where each of its values stands. */
export interface LocatedYaml {
  readonly file: string;
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the value under `path`, or its nearest existing parent, stands. */
  placeOf(path: Path): Place;
  /** A problem at the value under `path`, or at its nearest existing parent. */
  problem(path: Path, error: ReturnType<typeof configErrors.create>, fix?: Text | string): Problem;
  /** The same at a place inside the text under `path`, counted in characters of that text from 0. */
  problemInText(path: Path, at: number, error: ReturnType<typeof configErrors.create>, fix?: Text | string): Problem;
  /** The same at the key itself, for keys that should not be there. */
  problemAtKey(path: Path, key: string, error: ReturnType<typeof configErrors.create>, fix?: Text | string): Problem;
}

/** `devices[0].endpoint` */
function pathText(path: Path): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : `${text ? '.' : ''}${step}`;
  return text;
}

/** Offset of the value under `path`, or of the nearest parent that exists. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

/**
 * Offset of character `at` of the text under `path`. What YAML adds to a text — quotes, escapes, the indentation of
 * folded lines — is passed over by looking for the characters before it in their order.
 */
function textOffset(document: Document.Parsed, source: string, path: Path, at: number): number {
  const node = document.getIn([...path], true);
  const start = offsetOf(document, path);
  if (!isScalar(node) || !node.range || typeof node.value !== 'string') return start;
  const block = node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL';
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  let offset = block ? source.indexOf('\n', start) + 1 : start + (quoted ? 1 : 0);
  for (const [index, character] of [...node.value.slice(0, at + 1)].entries()) {
    const blank = /\s/.test(character);
    if (!blank) offset = source.indexOf(character, offset);
    if (offset < 0 || offset >= node.range[1]) return start;
    if (index < at) offset++;
  }
  return offset;
}

function keyOffset(document: Document.Parsed, path: Path, key: string): number {
  const parent = path.length === 0 ? document.contents : document.getIn([...path], true);
  if (isMap(parent)) {
    for (const pair of parent.items) {
      if (isScalar(pair.key) && pair.key.value === key && pair.key.range) return pair.key.range[0];
    }
  }
  return offsetOf(document, path);
}

/**
 * Parses YAML 1.2 with positions; syntax errors, duplicate keys and unknown tags become located problems.
 * @param secrets what `!secret name` stands for; none is known when left out
 */
export function parseLocatedYaml(
  file: string,
  text: string,
  secrets: ReadonlyMap<string, string> = new Map(),
): LocatedYaml {
  const lines = new LineCounter();
  const secret: ScalarTag = {
    tag: '!secret',
    resolve(name, onError) {
      const found = secrets.get(name);
      if (found === undefined) onError(`${noSecret}${name}`);
      return found;
    },
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, customTags: [secret] });
  const place = (offset: number, path: string) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), path };
  };
  const placeOf = (path: Path) => place(offsetOf(document, path), pathText(path));
  const tags = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED');
  const problems = [...document.errors, ...tags].map((error) =>
    problemAt(
      place(error.pos[0], ''),
      error.message.startsWith(noSecret)
        ? configErrors.create('SECRET', configTexts.noSecret(error.message.slice(noSecret.length)))
        : configErrors.create('SYNTAX', yamlText(error)),
    ),
  );
  const read = problems.length > 0 ? { value: undefined } : contentOf(document);
  if ('why' in read) problems.push(problemAt(place(read.at, ''), configErrors.create('SYNTAX', read.why)));
  return {
    file,
    value: 'why' in read ? undefined : read.value,
    problems,
    placeOf,
    problem: (path, error, fix) => problemAt(placeOf(path), error, fix),
    problemInText: (path, at, error, fix) =>
      problemAt(place(textOffset(document, text, path, at), pathText(path)), error, fix),
    problemAtKey: (path, key, error, fix) =>
      problemAt(place(keyOffset(document, path, key), pathText([...path, key])), error, fix),
  };
}

/** The value of a text, or where an alias stands that has none: without an anchor before it, or one of too many. */
function contentOf(
  document: Document.Parsed,
): { readonly value: unknown } | { readonly at: number; readonly why: Text } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    let at = 0;
    visit(document, {
      Alias(_, alias) {
        if (alias.resolve(document) !== undefined) return undefined;
        at = alias.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    return { at, why: both(error.message, '别名没有对应的锚点，或别名展开过多') };
  }
}

type Issue = z.core.$ZodIssue;

/** All keys that the schema knows, to suggest from; nesting does not matter for a suggestion. */
function knownKeys(schema: z.ZodType, found = new Set<string>()): Set<string> {
  if (schema instanceof z.ZodObject) {
    for (const [key, child] of Object.entries(schema.shape)) {
      found.add(key);
      knownKeys(child as z.ZodType, found);
    }
  } else if (schema instanceof z.ZodArray) knownKeys(schema.element as z.ZodType, found);
  else if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    knownKeys(schema.unwrap() as z.ZodType, found);
  } else if (schema instanceof z.ZodUnion) for (const option of schema.options) knownKeys(option as z.ZodType, found);
  else if (schema instanceof z.ZodRecord) knownKeys(schema.valueType as z.ZodType, found);
  return found;
}

function describeIssue(yaml: LocatedYaml, schema: z.ZodType, issue: Issue): Problem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema);
    return issue.keys.map((key) => {
      const fix = (known.has(key) ? undefined : meant(key, known)) ?? configFixes.removeKey;
      return yaml.problemAtKey(path, key, configErrors.create('KEY', configTexts.unknownKey(key)), fix);
    });
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((a, b) => (b.length < a.length ? b : a));
    return nearest.flatMap((inner) => describeIssue(yaml, schema, { ...inner, path: [...path, ...inner.path] }));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && valueAt(yaml.value, path) === undefined) {
    const key = String(path.at(-1) ?? '');
    const error = configErrors.create('MISSING', configTexts.missing(key));
    return [yaml.problem(path, error, configFixes.addKey(key, issue.expected))];
  }
  return [yaml.problem(path, configErrors.create('VALUE', { en: issue.message, zh: chineseOf(issue) }))];
}

function valueAt(root: unknown, path: Path): unknown {
  let value: unknown = root;
  for (const step of path) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  return value;
}

/** Checks a parsed file against its schema; every issue becomes a located problem with a suggestion where one is near. */
export function checkAgainst<T>(
  yaml: LocatedYaml,
  schema: z.ZodType<T>,
): { readonly value: T | undefined; readonly problems: readonly Problem[] } {
  if (yaml.problems.length > 0) return { value: undefined, problems: yaml.problems };
  const result = schema.safeParse(yaml.value, { reportInput: true });
  if (result.success) return { value: result.data, problems: [] };
  return { value: undefined, problems: result.error.issues.flatMap((issue) => describeIssue(yaml, schema, issue)) };
}
