import type { Command } from 'commander';
import { readManifest } from '../../../drivers/replay/recording-source.ts';
import { realClock } from '../../core/clock.ts';
import { describeError } from '../../core/errors.ts';
import { durationArgument, wholeNumber } from '../arguments.ts';
import { reportingFailure } from '../reporting.ts';
import { untilStopped } from '../stopping.ts';
import { readFrames } from './frame-lines.ts';
import { isNumbered } from './rerun.ts';
import { serveRecorded } from './serve.ts';

const examples = `
Example:
  lifeline record serve monday --base-port 20502

Each recorded Modbus device answers behind a port of its own, byte for byte and after the same time as on site: silent,
late and wrong where it was. Any client may ask; a request that was not recorded gets no answer and is named.
`;

interface ServeOptions {
  readonly basePort: number;
  readonly for?: number;
}

/** `lifeline record serve`: the PLCs of a recording, to be asked by anything that speaks Modbus. */
export function addServeCommand(record: Command): void {
  record
    .command('serve')
    .description('answer as the recorded Modbus devices did, behind ports of this machine')
    .argument('<recording>', 'folder of a recording')
    .option('--base-port <n>', 'port of the first device', wholeNumber(1, 65_000), 20_502)
    .option('--for <duration>', 'stop after this long, such as 10min', durationArgument)
    .addHelpText('after', examples)
    .action((recording: string, options: ServeOptions) => reportingFailure(() => serve(recording, options)));
}

async function serve(recording: string, { basePort, for: forMs }: ServeOptions): Promise<void> {
  const stopped = untilStopped(forMs);
  const clock = realClock();
  const devices = readManifest(recording).devices.filter(({ frames }) => frames);
  const served = [];
  try {
    for (const [index, device] of devices.entries()) {
      const frames = readFrames(recording, device, (error) => console.error(`lifeline: ${describeError(error)}`));
      const told = new Set<string>();
      const onUnknown = (request: Uint8Array) => {
        const hex = Buffer.from(request)
          .toString('hex')
          .slice(isNumbered(device.endpoint) ? 4 : 0);
        if (!told.has(hex)) console.error(`${device.id}: nobody asked ${hex} while it was recorded`);
        told.add(hex);
      };
      const numbered = isNumbered(device.endpoint);
      const plc = await serveRecorded(frames, { clock, port: basePort + index, numbered, onUnknown });
      served.push(plc);
      console.log(`${device.id.padEnd(16)} ${plc.endpoint}`);
    }
    await stopped;
  } finally {
    await Promise.all(served.map((plc) => plc.close()));
  }
}
