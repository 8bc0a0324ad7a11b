import type { Command } from 'commander';
import { type Reading, readNodes } from '../../drivers/opcua/reading.ts';
import { ExitCode } from './exit.ts';
import { coded } from './opcua.ts';
import { exitOf, type LinkOptions, linkOptions, withLink } from './opcua-link.ts';

const examples = `
Examples:
  lifeline read opcua opc.tcp://10.0.4.2:4840 'ns=2;s=plc.temp'
  lifeline read opcua opc.tcp://10.0.4.2:4840 'nsu=urn:maker:plc;s=temps[3]' i=2258 --json
  lifeline read opcua opc.tcp://10.0.4.2:4840 i=2258 --policy Basic256Sha256 --user eng --password-file pw --data data
`;

/** `lifeline read opcua`: values of nodes now. Exit 4 when nothing answers, 1 when no node could be read. */
export function readOpcua(group: Command): void {
  group.addHelpText('after', examples);
  linkOptions(group.command('opcua').description('read nodes of an OPC UA server'))
    .argument('<endpoint>', 'opc.tcp://host:port')
    .argument('<nodes...>', 'node ids; [n] behind one reads element n of an array')
    .option('--json', 'print [{node, value, type, quality, status, sourceTime}]')
    .addHelpText('after', examples)
    .action((endpoint: string, nodes: readonly string[], options: LinkOptions & { readonly json?: boolean }) =>
      coded(() => read(endpoint, nodes, options), exitOf),
    );
}

async function read(endpoint: string, nodes: readonly string[], options: LinkOptions & { readonly json?: boolean }) {
  await withLink(endpoint, options, async ({ stack, session, limits }) => {
    const readings = await readNodes(stack, session, nodes, limits.nodesPerRead);
    console.log(options.json ? JSON.stringify(readings, null, 2) : readings.map(line).join('\n'));
    if (readings.every(({ value }) => value === null)) process.exitCode = ExitCode.failed;
  });
}

function line({ node, value, type, quality, status, sourceTime }: Reading): string {
  const shown = quality === 'good' ? quality : `${quality} (${status})`;
  return `${node}  ${value === null ? '–' : JSON.stringify(value)}  ${type ?? '–'}  ${shown}  ${sourceTime ?? '–'}`;
}
