import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { sinkSuite } from './sink-suite.ts';

/** Path of the distribution's Mosquitto, which lies outside a user's PATH. */
function findMosquitto(): string | undefined {
  for (const candidate of ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto']) {
    try {
      execFileSync(candidate, ['-h'], { stdio: 'ignore' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
    }
    return candidate;
  }
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const mosquitto = findMosquitto();

if (mosquitto) {
  describe('mqtt-json against Mosquitto', () => {
    let port = 0;
    let child: ChildProcess;
    beforeAll(async () => {
      port = await freePort();
      const config = join(await mkdtemp(join(tmpdir(), 'lifeline-mosquitto-')), 'mosquitto.conf');
      await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n`);
      child = spawn(mosquitto, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
      for await (const text of child.stderr!.setEncoding('utf8')) if (/running/.test(text)) break;
      child.stderr!.resume();
    });
    afterAll(async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    });
    sinkSuite(() => port);
  });
} else if (process.env['CI']) {
  it('needs Mosquitto in continuous integration: apt-get install mosquitto', () => {
    throw new Error('no mosquitto binary found');
  });
} else {
  it.skip('skipped: no mosquitto binary here; apt-get install mosquitto runs it', () => undefined);
}
