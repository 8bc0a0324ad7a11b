import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../ops/reference/page.ts';

const file = 'ops/decisions/0005-dependencies.md';
const text = (path: string) => readFileSync(join(repository, path), 'utf8');

it('every direct dependency has a line with its reason, and no line is left of one that is gone', () => {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(text('package.json'));
  const wanted = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies }).sort();
  const rows = [...text(file).matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)];
  expect(wanted.length).toBeGreaterThan(20);
  expect(rows.map(([, name]) => name).sort(), file).toEqual(wanted);
});

it('an install script is told as allowed exactly where npm is told to allow it', () => {
  const { allowScripts, dependencies } = JSON.parse(text('package.json'));
  const told = [...text(file).matchAll(/^\| `([^`]+)` \|.*\*\*allowed\*\*/gm)].map(([, name]) => name);
  expect(told).toEqual(Object.keys(allowScripts).filter((name) => allowScripts[name]));
  expect(told.every((name) => name !== undefined && name in dependencies)).toBe(true);
});
