import { open } from 'node:fs/promises';

/** The last bytes of a file as text, from a beginning of a line; empty where there is no such file. */
export async function readTail(path: string, mostBytes: number): Promise<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, mostBytes));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString('utf8', 0, bytesRead);
    return size > mostBytes ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    await file.close();
  }
}
