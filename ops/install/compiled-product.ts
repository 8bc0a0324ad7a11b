import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** What the compiled product needs beside its own code, as it lies in the repository. */
const shared = ['node_modules', 'models', 'edge/console/web/dist', 'simulator/console/web/dist'];

/**
 * Makes a folder an installation of compiled output alone, as `npm run build` makes it, no TypeScript beside it. Resolves
 * with its launcher. What is not compiled is linked to the repository.
 */
export function compileProduct(folder: string): string {
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const project = join(repository, 'tsconfig.build.json');
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', join(folder, 'dist')], { stdio: 'inherit' });
  for (const path of shared) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(repository, path), join(folder, path));
  }
  const launcher = join(folder, 'bin/lifeline.js');
  mkdirSync(dirname(launcher));
  copyFileSync(join(repository, 'bin/lifeline.js'), launcher);
  copyFileSync(join(repository, 'package.json'), join(folder, 'package.json'));
  return launcher;
}
