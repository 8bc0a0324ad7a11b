import { createServer } from 'node:net';

/** Whether nobody listens on a loopback port. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function allFree(first: number, count: number): Promise<boolean> {
  for (let port = first; port < first + count; port++) if (!(await isFree(port))) return false;
  return true;
}

/** The first of `wanted`, `wanted + step` … from which `count` ports in a row are free; RangeError when none is. */
export async function freePorts(wanted: number, count: number, step: number): Promise<number> {
  for (let first = wanted; first + count <= 65_536 && first < wanted + 40 * step; first += step) {
    if (await allFree(first, count)) return first;
  }
  throw new RangeError(`no ${count} free ports in a row from ${wanted} on`);
}
