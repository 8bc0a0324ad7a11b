import type { Command } from 'commander';
import { hearEvents, type ServerEvent } from '../../drivers/opcua/events.ts';
import { durationArgument } from './arguments.ts';
import { coded } from './opcua.ts';
import { exitOf, type LinkOptions, linkOptions, withLink } from './opcua-link.ts';
import { untilStopped } from './stopping.ts';

const examples = `
Examples:
  lifeline events opc.tcp://10.0.4.2:4840
  lifeline events opc.tcp://10.0.4.2:4840 --for 60s --json

Alarms and other events that an OPC UA server itself makes: those that stand now, then each change, until stopped. To see
what a server has; the gateway makes its alarms from values.
`;

interface EventOptions extends LinkOptions {
  readonly for?: number;
  readonly json?: boolean;
}

/** `lifeline events`: alarms and conditions of an OPC UA server as they change. Exit 4 when nothing answers. */
export function eventsCommand(program: Command): void {
  linkOptions(program.command('events').description('alarms and events that an OPC UA server makes itself'))
    .argument('<endpoint>', 'opc.tcp://host:port')
    .option('--for <duration>', 'stop after this long, such as 60s', durationArgument)
    .option('--json', 'print {time, source, condition, message, severity, active, acknowledged} line by line')
    .addHelpText('after', examples)
    .action((endpoint: string, options: EventOptions) => coded(() => run(endpoint, options), exitOf));
}

async function run(endpoint: string, options: EventOptions): Promise<void> {
  await withLink(endpoint, options, async ({ stack, session, lost }) => {
    await hearEvents(stack, session, (event) => console.log(options.json ? JSON.stringify(event) : line(event)));
    await Promise.race([untilStopped(options.for), lost]);
  });
}

function line({ time, source, message, severity, active, acknowledged }: ServerEvent): string {
  const states = [
    ...(active === null ? [] : [active ? 'active' : 'normal']),
    ...(acknowledged === null ? [] : [acknowledged ? 'acknowledged' : 'unacknowledged']),
  ];
  return [time ?? '–', String(severity).padStart(4), source, message, states.join(', ')].join('  ').trimEnd();
}
