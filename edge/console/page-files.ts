import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the built page, ready to send. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
  readonly gzip: Buffer;
  readonly etag: string;
  /** Names under `/assets/` carry a hash of their content and never change. */
  readonly immutable: boolean;
}

/** Where vite puts the page; the compiled product (`dist/edge/console`) serves the same one. */
export const builtPage: URL = new URL(
  import.meta.url.includes('/dist/edge/console/') ? '../../../edge/console/web/dist/' : './web/dist/',
  import.meta.url,
);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const notBuilt = `<!doctype html><meta charset="utf-8"><title>Lifeline</title>
<h1>页面尚未构建 · The page is not built</h1><p>node ops/install/build-web.js</p>`;

/**
 * Reads the built page into memory, once: each file becomes an exact route, so that no request is ever turned into a
 * path. Types not in the list are left out. Without a build, `/` says how to make one.
 */
export async function readPage(directory: URL): Promise<readonly PageFile[]> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const files: PageFile[] = [];
  for (const name of names) {
    const type = types[extname(name)];
    if (type) files.push(pageFile(`/${name}`, type, await readFile(new URL(name, directory))));
  }
  const index = files.find((file) => file.path === '/index.html');
  return [...files, { ...(index ?? pageFile('/', types['.html'] ?? '', Buffer.from(notBuilt))), path: '/' }];
}

function pageFile(path: string, type: string, body: Buffer): PageFile {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { path, type, body, gzip: gzipSync(body), etag, immutable: path.startsWith('/assets/') };
}
