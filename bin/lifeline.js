#!/usr/bin/env node
// Starts Lifeline on the pinned runtime. Plain JavaScript, so that any Node can run this file.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'edge/cli/main.ts');
const entry = existsSync(source) ? source : join(root, 'dist/edge/cli/main.js');

/** The runtime that the lock file pins for this platform, or undefined where there is none. */
function pinnedRuntime() {
  try {
    const folder = dirname(
      createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`),
    );
    return join(folder, 'bin', 'node');
  } catch {
    return undefined;
  }
}

/** A checkout runs TypeScript as it is, which needs Node 24; compiled output runs from 22.13 on. */
function goodEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major >= 24 || (!existsSync(source) && (major > 22 || (major === 22 && minor >= 13)));
}

const pinned = pinnedRuntime();
if (goodEnough()) {
  // sources are stripped of their types once, not at every start; compiled output starts as fast without
  if (entry === source) module.enableCompileCache?.();
  await import(pathToFileURL(entry).href);
} else if (pinned) {
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
} else {
  console.error(
    `lifeline: needs Node.js 24 (22.13 for packages), this is ${process.version}, and no pinned runtime is installed for ${process.platform}-${process.arch}; install Node.js 24`,
  );
  process.exitCode = 1;
}
