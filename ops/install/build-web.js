// Builds the console's page. Run by `npm install` (prepare); an installation without vite keeps the page it was given.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('../../edge/console/web/', import.meta.url));

if (!existsSync(`${web}vite.config.ts`)) {
  console.log('console page: sources are not here, nothing to build');
} else {
  let vite;
  try {
    vite = await import('vite');
  } catch {
    console.log('console page: vite is not installed, build skipped');
  }
  await vite?.build({ configFile: `${web}vite.config.ts` });
}
