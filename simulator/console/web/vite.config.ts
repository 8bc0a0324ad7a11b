import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page of the simulated city: no external resources, no inline script or data URI (the policy of the server forbids the former). */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
