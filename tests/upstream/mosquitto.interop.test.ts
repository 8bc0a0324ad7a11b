import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { findServer, freePort } from './server-binary.ts';
import { sinkSuite } from './sink-suite.ts';
import { sparkplugSuite } from './sparkplug-suite.ts';

const mosquitto = findServer('mosquitto');

if (mosquitto) {
  describe('roads over MQTT against Mosquitto', () => {
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
    sparkplugSuite(() => `mqtt://127.0.0.1:${port}`);
  });
} else if (process.env['CI']) {
  it('needs Mosquitto in continuous integration: apt-get install mosquitto', () => {
    throw new Error('no mosquitto binary found');
  });
} else {
  it.skip('skipped: no mosquitto binary here; apt-get install mosquitto runs it', () => undefined);
}
