import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drivers } from '../../drivers/registry.ts';
import type { LoadContext } from '../config/load.ts';
import { sinks } from '../upstream/registry.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Root folder of the installed product, whether it runs from source or compiled (`dist/`). */
export const productRoot = here.endsWith(join('dist', 'edge', 'cli')) ? join(here, '../../..') : join(here, '../..');

/** A script of the product, from source or compiled, whichever this file is; `path` has no extension. */
export const scriptAt = (path: string): string =>
  join(here, '../..', `${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`);

export const version: string = JSON.parse(readFileSync(join(productRoot, 'package.json'), 'utf8')).version;

/** Everything configuration can name in this product. */
export const loadContext: LoadContext = {
  ...{ drivers, sinks, modelsFolder: join(productRoot, 'models') },
  credentials: process.env['CREDENTIALS_DIRECTORY'],
};
