import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from './page.ts';
import { pages } from './pages.ts';

for (const { file, render } of pages) {
  const path = join(repository, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await render());
  console.log(file);
}
