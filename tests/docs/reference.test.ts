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
});
