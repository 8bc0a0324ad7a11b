import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Root folder of the installed product, whether it runs from source or compiled (`dist/`). */
export const productRoot = here.endsWith(join('dist', 'edge', 'cli')) ? join(here, '../../..') : join(here, '../..');

/** A script of the product, from source or compiled, whichever this file is; `path` has no extension. */
export const scriptAt = (path: string): string =>
  join(here, '../..', `${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`);

export const version: string = JSON.parse(readFileSync(join(productRoot, 'package.json'), 'utf8')).version;
