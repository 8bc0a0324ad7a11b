// Builds the pages of the console and of the simulated city. Run by `npm install` (prepare); an installation without vite
// keeps the pages it was given.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

for (const page of ['edge/console/web', 'simulator/console/web']) {
  const web = fileURLToPath(new URL(`../../${page}/`, import.meta.url));
  if (!existsSync(`${web}vite.config.ts`)) {
    console.log(`${page}: sources are not here, nothing to build`);
    continue;
  }
  let vite;
  try {
    vite = await import('vite');
  } catch {
    console.log(`${page}: vite is not installed, build skipped`);
  }
  await vite?.build({ configFile: `${web}vite.config.ts` });
}
