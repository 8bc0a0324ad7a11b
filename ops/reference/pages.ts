import { errorsPage } from './errors.ts';
import type { Page } from './page.ts';

/** Every generated file. */
export const pages: readonly Page[] = [errorsPage];
