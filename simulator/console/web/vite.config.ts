import { defineConfig } from 'vite';
import { page } from '../../../edge/console/web/vite.config.ts';

/** The page of the simulated city. */
export default defineConfig(page(new URL('.', import.meta.url)));
