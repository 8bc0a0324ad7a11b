import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

/** A page of ours: no external resources, no inline script or data URI (the policy of the server forbids the former). */
export const page = (folder: URL): UserConfig => ({
  root: fileURLToPath(folder),
  logLevel: 'warn',
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

export default defineConfig(page(new URL('.', import.meta.url)));
