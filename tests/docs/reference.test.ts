import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { regenerate, repository } from '../../ops/reference/page.ts';
import { pages } from '../../ops/reference/pages.ts';

describe('generated reference', () => {
  it.each(pages)('$file says what the sources say', async ({ file, render }) => {
    const written = readFileSync(join(repository, file), 'utf8');
    expect(written === (await render()), `${file} is out of date; run: ${regenerate}`).toBe(true);
  });

  it('tells the meaning of every key and column', () => {
    const reference = ['gateway-yaml', 'point-table', 'network-json'].map((page) => `ops/docs/reference/${page}.md`);
    const rows = reference.flatMap((file) => {
      const lines = readFileSync(join(repository, file), 'utf8').split('\n');
      return lines.filter((line) => line.startsWith('| `')).map((line) => `${file} ${line}`);
    });
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
  });
});
