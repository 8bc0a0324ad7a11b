import { describe, expect, it } from 'vitest';
import { longFunctions, modulesNamedIn } from './source.ts';

const body = (indent: string) => `${indent}step();\n`.repeat(10);

describe('what the tidy test reads', () => {
  it.each([
    ["import { a } from '../store/a.ts';", '../store/a.ts'],
    ["import type { A } from '../store/a.ts';", '../store/a.ts'],
    ["import { type A, b } from '../store/a.ts';", '../store/a.ts'],
    ["import {\n  a,\n  b,\n} from '../store/a.ts';", '../store/a.ts'],
    ["import '../store/a.ts';", '../store/a.ts'],
    ["export * from '../store/a.ts';", '../store/a.ts'],
    ["export type { A } from '../store/a.ts';", '../store/a.ts'],
    ["const { a } = await import('../store/a.ts');", '../store/a.ts'],
    ["const a = import(\n  '../store/a.ts'\n);", '../store/a.ts'],
    ['const a = import(`../store/a.ts`);', '../store/a.ts'],
    ["type A = typeof import('../store/a.ts');", '../store/a.ts'],
    ["new Worker(new URL('./worker.ts', import.meta.url));", './worker.ts'],
    ["import { connect } from 'node:net';", 'node:net'],
    ["const net = await import('node:net');", 'node:net'],
  ])('finds the module in %s', (code, module) => {
    expect(modulesNamedIn(code)).toEqual([module]);
  });

  it('finds no module in a comment', () => {
    expect(modulesNamedIn("/** see import('./a.ts') */\n// import './b.ts';\nconst from = 1;")).toEqual([]);
  });

  it.each([
    ['a function', `export async function work(): Promise<void> {\n${body('  ')}}\n`],
    ['a function of many parameters', `function work(\n  a: number,\n  b: number,\n): number {\n${body('  ')}}\n`],
    ['an arrow function', `const work = async (a: number) => {\n${body('  ')}};\n`],
    ['an arrow function with a type', `const work = (a: number): { b: number } => {\n${body('  ')}};\n`],
    ['an arrow function handed over', `  queue.push(async () => {\n${body('    ')}  });\n`],
    ['a method', `class A {\n  private async work(a: number): Promise<{ b: number }> {\n${body('    ')}  }\n}\n`],
    ['a method that answers an object', `class A {\n  work(a: number): { b: number } {\n${body('    ')}  }\n}\n`],
    ['an accessor', `class A {\n  get work(): number {\n${body('    ')}  }\n}\n`],
    ['a constructor', `class A {\n  constructor(\n    private readonly a: number,\n  ) {\n${body('    ')}  }\n}\n`],
    ['a component', `export function Part({ a }: { a: number }) {\n${body('  ')}}\n`],
  ])('measures %s', (_, code) => {
    expect(longFunctions(code, 9)).toHaveLength(1);
    expect(longFunctions(code, 20)).toEqual([]);
  });

  it.each(['if (a) {', 'for (const a of b) {', '} else if (a) {', 'while (a) {', 'switch (a) {', '} catch (error) {'])(
    'takes %s for no function',
    (head) => {
      expect(longFunctions(`${head}\n${body('  ')}}\n`, 5)).toEqual([]);
    },
  );

  it('takes a condition over several lines for no function', () => {
    expect(longFunctions(`if (\n  a &&\n  b\n) {\n${body('  ')}}\n`, 5)).toEqual([]);
  });
});
