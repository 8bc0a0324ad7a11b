import { rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { readPage } from '../../edge/console/page-files.ts';
import { buildPage } from './open-page.ts';

const firstLoadLimitBytes = 150_000;

it('the built page is at most 150 kB over the wire, with no script or style inside the document', async () => {
  const built = await buildPage();
  const files = (await readPage(pathToFileURL(`${built}/`))).filter(({ path }) => path !== '/index.html');
  await rm(built, { recursive: true, force: true });
  expect(files.length).toBeGreaterThanOrEqual(4);
  const bytes = files.reduce((total, { gzip }) => total + gzip.byteLength, 0);
  expect(bytes).toBeLessThanOrEqual(firstLoadLimitBytes);
  const document = String(files.find(({ path }) => path === '/')?.body);
  expect(document).not.toMatch(/<style|<script(?![^>]*\bsrc=)|style=/);
});
