import jsep from 'jsep';
import type { Text } from '../core/text.ts';
import { calculationErrors } from './errors.ts';
import {
  type BinaryOperator,
  binaryOperators,
  type Expression,
  type ExpressionProblem,
  maxExpressionDepth,
  maxExpressionLength,
  maxExpressionParts,
  type UnaryOperator,
  Unreadable,
  unaryOperators,
} from './expression.ts';
import { calculationFixes as fixes, insteadOf, calculationTexts as texts } from './texts.ts';

type Scope = jsep.HookScope;
type Node = jsep.Expression & { readonly at?: number };

let depth = 0;

/**
 * jsep knows precedence, numbers and strings; what it lacks is taken in here, token by token: tags in brackets, the place
 * of every part, calls and groups without its leniency about separators, and an end to nesting.
 */
jsep.hooks.add('gobble-token', function (env) {
  const at = this.index;
  if (++depth > maxExpressionDepth) fail('LIMIT', at, texts.tooDeep(maxExpressionDepth));
  const node = readToken(this);
  depth--;
  if (node) env.node = { ...node, at } as jsep.Expression;
});

function readToken(scope: Scope): jsep.PossibleExpression {
  const { char } = scope;
  if (char === '[') return readTag(scope);
  if (char === '(') return readGroup(scope);
  if (char === '"' || char === "'") return scope.gobbleStringLiteral();
  if (/[0-9.]/.test(char)) return scope.gobbleNumericLiteral();
  if (/[-+!~]/.test(char)) return readSign(scope);
  if (/[\p{L}_$]/u.test(char)) return readWord(scope);
  // jsep would begin a name with it, and read a call of its own
  if (char.charCodeAt(0) > 0x7f) fail('SYNTAX', scope.index, texts.unreadable(`Unexpected "${char}"`));
  return undefined;
}

/** `[device/point]`; a closing bracket inside the name is written twice. */
function readTag(scope: Scope): jsep.Expression {
  const match = /^\[((?:[^\]]|\]\])*)\](?!\])/.exec(scope.expr.slice(scope.index));
  if (!match) fail('SYNTAX', scope.index, texts.tagNotClosed, fixes.writeTag);
  scope.index += match[0].length;
  return { type: 'Tag', name: (match[1] as string).replaceAll(']]', ']') };
}

function readGroup(scope: Scope): jsep.Expression {
  const open = scope.index++;
  const inner = operandOf(scope, texts.emptyBrackets);
  if (scope.char !== ')') fail('SYNTAX', open, texts.notClosed);
  scope.index++;
  return inner;
}

function readSign(scope: Scope): jsep.Expression {
  const operator = scope.char;
  scope.index++;
  const argument = scope.gobbleToken();
  if (!argument) fail('SYNTAX', scope.index, texts.valueAfter(operator));
  return { type: 'UnaryExpression', operator, argument };
}

function readWord(scope: Scope): jsep.Expression {
  const at = scope.index;
  const { name } = scope.gobbleIdentifier() as jsep.Identifier;
  scope.gobbleSpaces();
  if (scope.char !== '(') {
    fail('NAME', at, texts.alone(name), fixes.writeTagOrCall);
  }
  return { type: 'CallExpression', name, given: readArguments(scope, name) };
}

function readArguments(scope: Scope, name: string): jsep.Expression[] {
  const open = scope.index;
  const given: jsep.Expression[] = [];
  do {
    scope.index++;
    scope.gobbleSpaces();
    if (given.length === 0 && charAt(scope) === ')') break;
    given.push(operandOf(scope, texts.argumentOf(name)));
  } while (charAt(scope) === ',');
  if (charAt(scope) === '') fail('SYNTAX', open, texts.callNotClosed(name));
  if (charAt(scope) !== ')') fail('SYNTAX', scope.index, texts.insteadOf(charAt(scope)));
  scope.index++;
  return given;
}

/** Read anew at each call, since every step moves it. */
const charAt = (scope: Scope): string => scope.char;

/** A whole expression; spaces behind it are passed over. */
function operandOf(scope: Scope, missing: Text): jsep.Expression {
  const node = scope.gobbleExpression() as jsep.PossibleExpression | false;
  if (!node) fail('SYNTAX', scope.index, missing);
  scope.gobbleSpaces();
  return node;
}

function fail(name: 'SYNTAX' | 'NAME' | 'LIMIT', at: number, message: Text, fix?: Text): never {
  throw new Unreadable({ at, error: calculationErrors.create(name, message), fix });
}

/**
 * Reads an expression; nothing in it is ever run as code. Every text gives either a tree or one located problem with
 * LL-CALC-SYNTAX, -NAME or -LIMIT.
 */
export function parseExpression(text: string): Expression | ExpressionProblem {
  try {
    if (text.length > maxExpressionLength) {
      fail('LIMIT', maxExpressionLength, texts.tooLong(text.length, maxExpressionLength));
    }
    if (text.trim() === '') fail('SYNTAX', 0, texts.empty);
    const stray = /^\s*[;,]|[;,]\s*$/.exec(text);
    if (stray) fail('SYNTAX', stray.index, texts.stray);
    depth = 0;
    const count = { parts: 0 };
    return convert(jsep(text), count);
  } catch (error) {
    if (error instanceof Unreadable) return error.problem;
    if (!isParserError(error)) throw error;
    const number = error.description.startsWith('Variable names cannot start with a number');
    const message = number ? texts.lettersAfterNumber : texts.unreadable(error.description);
    const fix = number ? fixes.quoteTime : undefined;
    return { at: Math.min(error.index, text.length), error: calculationErrors.create('SYNTAX', message), fix };
  }
}

/** What jsep throws for a text that it cannot read. */
function isParserError(error: unknown): error is { readonly index: number; readonly description: string } {
  return error instanceof Error && 'index' in error && 'description' in error;
}

/** The tree of the parser as one of ours, by an allow-list: a kind of part that is not named here is an error. */
function convert(node: Node, count: { parts: number }): Expression {
  const { at = 0 } = node;
  if (++count.parts > maxExpressionParts) fail('LIMIT', at, texts.tooManyParts(maxExpressionParts));
  if (node.type === 'Tag') return { kind: 'tag', name: node['name'] as string, at };
  if (node.type === 'Literal') return literal((node as jsep.Literal).value, at);
  if (node.type === 'UnaryExpression') {
    const { operator, argument } = node as jsep.UnaryExpression;
    if (!isUnary(operator)) fail('SYNTAX', at, texts.noOperator(operator));
    return { kind: 'unary', operator, operand: convert(argument, count), at };
  }
  if (node.type === 'BinaryExpression') return binary(node as jsep.BinaryExpression, count);
  if (node.type === 'CallExpression') {
    const given = (node['given'] as jsep.Expression[]).map((argument) => convert(argument, count));
    return { kind: 'call', name: node['name'] as string, given, at };
  }
  if (node.type === 'Compound') {
    const second = (node as jsep.Compound).body[1] as Node | undefined;
    fail('SYNTAX', second?.at ?? 0, texts.sideBySide, fixes.join);
  }
  return fail('SYNTAX', at, texts.notInGrammar(node.type), insteadOf[node.type]);
}

function literal(value: jsep.Literal['value'], at: number): Expression {
  if (typeof value === 'string') return { kind: 'word', text: value, at };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', value, at };
  return fail('SYNTAX', at, texts.tooLarge);
}

function binary(node: jsep.BinaryExpression, count: { parts: number }): Expression {
  const left = convert(node.left, count);
  const right = convert(node.right, count);
  const { operator } = node;
  if (!isBinary(operator)) {
    fail('SYNTAX', right.at, texts.noOperator(operator), insteadOf[operator]);
  }
  return { kind: 'binary', operator, left, right, at: left.at };
}

const isUnary = (text: string): text is UnaryOperator => unaryOperators.some((operator) => operator === text);
const isBinary = (text: string): text is BinaryOperator => binaryOperators.some((operator) => operator === text);
