import type { Command } from 'commander';
import { type BrowsedNode, browse, maxNodes } from '../../drivers/opcua/browse.ts';
import { pointHeader, pointRows } from '../../drivers/opcua/point-rows.ts';
import { wholeNumber } from './arguments.ts';
import { coded } from './opcua.ts';
import { exitOf, type LinkOptions, linkOptions, withLink } from './opcua-link.ts';

const examples = `
Examples:
  lifeline browse opc.tcp://10.0.4.2:4840
  lifeline browse opc.tcp://10.0.4.2:4840 'ns=2;s=plc' --depth 2
  lifeline browse opc.tcp://10.0.4.2:4840 --csv > points/gallery-2.csv      a point table that can be used at once
`;

interface BrowseOptions extends LinkOptions {
  readonly depth: number;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** `lifeline browse`: the tree of an OPC UA server. Exit 4 when nothing answers. */
export function browseCommand(program: Command): void {
  linkOptions(program.command('browse').description('the tree of an OPC UA server, with types and values'))
    .argument('<endpoint>', 'opc.tcp://host:port')
    .argument('[node]', 'where to begin; the Objects folder when left out', 'i=85')
    .option('--depth <n>', 'how many levels deep', wholeNumber(1, 30), 8)
    .option('--csv', 'print a point table of every variable with a number, a time or a text')
    .option('--json', 'print [{path, node, class, reading, writable, unit, …}]')
    .addHelpText('after', examples)
    .action((endpoint: string, node: string, options: BrowseOptions) =>
      coded(() => run(endpoint, node, options), exitOf),
    );
}

async function run(endpoint: string, node: string, options: BrowseOptions): Promise<void> {
  await withLink(endpoint, options, async ({ stack, session, limits }) => {
    const { nodes, cut } = await browse(stack, session, node, options.depth, limits);
    if (options.json) console.log(JSON.stringify(nodes, null, 2));
    else if (options.csv) console.log([pointHeader, ...pointRows(nodes)].map(csvLine).join('\n'));
    else console.log(nodes.map(line).join('\n'));
    if (cut) console.error(`only the first ${maxNodes} nodes are shown; begin at a node further down`);
  });
}

const csvLine = (cells: readonly string[]) =>
  cells.map((cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');

function line({ path, node, reading, writable, unit }: BrowsedNode): string {
  const name = `${'  '.repeat(path.length - 1)}${path.at(-1)}`;
  if (!reading) return `${name.padEnd(36)} ${node}`;
  const value = reading.value === null ? '–' : JSON.stringify(reading.value);
  const state = reading.quality === 'good' ? '' : `  ${reading.quality} (${reading.status})`;
  const access = writable ? '  writable' : '';
  return `${name.padEnd(36)} ${node}  ${reading.type ?? '–'}  ${value}${unit && ` ${unit}`}${state}${access}`;
}
