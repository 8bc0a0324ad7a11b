import { join } from 'node:path';
import { drivers } from '../../drivers/registry.ts';
import type { LoadContext } from '../config/load.ts';
import { sinks } from '../upstream/registry.ts';
import { productRoot } from './installation.ts';

/** Everything configuration can name in this product. */
export const loadContext: LoadContext = {
  ...{ drivers, sinks, modelsFolder: join(productRoot, 'models') },
  credentials: process.env['CREDENTIALS_DIRECTORY'],
};
