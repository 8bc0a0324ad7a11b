import type { Command } from 'commander';
import { discover, type OfferedEndpoint } from '../../drivers/opcua/discovery.ts';
import { loadStack } from '../../drivers/opcua/stack.ts';
import { realClock } from '../core/clock.ts';
import { wholeNumber } from './arguments.ts';
import { coded, driverState } from './opcua.ts';
import { assertEndpoint, exitOf } from './opcua-link.ts';

const examples = `
Examples:
  lifeline scan opcua opc.tcp://10.0.4.2:4840 --data data

A certificate that nobody has judged yet is kept under --data as rejected; lifeline opcua trust <thumbprint> trusts it.
`;

interface Options {
  readonly data: string;
  readonly timeout: number;
  readonly json?: boolean;
}

/** `lifeline scan opcua`: endpoints of a server with policies, users and certificates. Exit 4 when nothing answers. */
export function scanOpcua(group: Command): void {
  group.addHelpText('after', examples);
  group
    .command('opcua')
    .description('endpoints of an OPC UA server, with policies and whether its certificate is trusted')
    .argument('<endpoint>', 'opc.tcp://host:port')
    .option('--data <dir>', 'data folder with the certificates', 'data')
    .option('--timeout <ms>', 'how long to wait for one answer, ms', wholeNumber(500, 60_000), 5000)
    .option('--json', 'print [{endpoint, policy, mode, users, certificate, trusted}]')
    .addHelpText('after', examples)
    .action((endpoint: string, options: Options) => coded(() => scan(endpoint, options), exitOf));
}

async function scan(endpoint: string, { data, timeout: timeoutMs, json }: Options): Promise<void> {
  assertEndpoint(endpoint);
  const ask = { endpoint, stateDir: driverState(data), clock: realClock(), timeoutMs };
  const offered = await discover(await loadStack(), ask);
  if (json) return console.log(JSON.stringify(offered, null, 2));
  for (const one of offered) console.log(line(one));
  const certificates = new Map(offered.map(({ certificate, trusted }) => [certificate?.thumbprint, trusted]));
  for (const [thumbprint, trusted] of certificates) {
    if (thumbprint === undefined) continue;
    const verdict = trusted ? 'trusted' : `not trusted: lifeline opcua trust ${thumbprint} --data ${data}`;
    console.log(`certificate ${thumbprint} ${verdict}`);
  }
}

const line = ({ endpoint, policy, mode, users }: OfferedEndpoint) =>
  `${endpoint}  ${policy.padEnd(21)} ${mode.padEnd(14)} ${users.join(', ')}`;
