import type { Command } from 'commander';
import { findTarget, plainOf, shows, valueFor, writeTarget } from '../../drivers/opcua/node-write.ts';
import { type PlainValue, readLocated } from '../../drivers/opcua/reading.ts';
import { readBackPauseMs, readBackTries } from '../control/read-back.ts';
import { delay, realClock } from '../core/clock.ts';
import { consented, mustBeAskable, reportReadBack } from './consent.ts';
import { coded } from './opcua.ts';
import { exitOf, type LinkOptions, linkOptions, withLink } from './opcua-link.ts';

const examples = `
Examples:
  lifeline write opcua opc.tcp://10.0.4.2:4840 'ns=2;s=plc.setpoint' 0.45
  lifeline write opcua opc.tcp://10.0.4.2:4840 'nsu=urn:maker:plc;s=modes[2]' AUTO --yes
  lifeline write opcua opc.tcp://10.0.4.2:4840 'ns=2;s=plc.run' true --policy Basic256Sha256 --user eng --password-file pw

For commissioning: it talks to the server itself, past any gateway. What is there and what will be is shown and must be
confirmed; without a terminal --yes is needed. VALUE is a number, true or false, the name of a state, text, or a time in
ISO 8601, as the data type of the node wants it; negative numbers come after --. It is read back; exit 1 when the server
refuses it or shows something else, 4 when nothing answers.
`;

interface WriteOptions extends LinkOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `lifeline write opcua`: one value into a node. */
export function writeOpcua(group: Command): void {
  linkOptions(group.command('opcua').description('a variable of an OPC UA server'))
    .argument('<endpoint>', 'opc.tcp://host:port')
    .argument('<node>', 'node id; [n] behind it is element n of an array')
    .argument('<value>', 'number, true, false, name of a state, text or time')
    .option('--yes', 'write without asking')
    .option('--json', 'print {node, type, before, value, readBack, ok}')
    .addHelpText('after', examples)
    .action((endpoint: string, node: string, value: string, options: WriteOptions, command: Command) => {
      mustBeAskable(options.yes, command);
      return coded(() => write(endpoint, node, value, options), exitOf);
    });
}

async function write(endpoint: string, node: string, text: string, options: WriteOptions): Promise<void> {
  await withLink(endpoint, options, async ({ stack, session, limits }) => {
    const target = await findTarget(stack, session, node, limits);
    const wire = valueFor(stack, target, text);
    const value = plainOf(stack, target, wire);
    const { before, type, states } = target;
    const shown = (one: PlainValue) => {
      const name = typeof one === 'number' ? states?.[one] : undefined;
      return `${JSON.stringify(one)}${name === undefined ? '' : ` (${name})`}`;
    };
    const held = before.value === null ? `not readable (${before.status})` : shown(before.value);
    if (!(await consented(`${node} of ${endpoint}: ${held} → ${shown(value)} (${type})`, options.yes))) return;
    const answered = await writeTarget(stack, session, target, wire);
    let readBack: PlainValue = null;
    let ok = false;
    for (let attempt = 0; attempt < readBackTries && !ok; attempt++) {
      if (attempt > 0) await delay(realClock(), readBackPauseMs);
      const [reading] = await readLocated(stack, session, [target], limits.nodesPerRead).catch(() => []);
      readBack = reading?.value ?? null;
      ok = reading !== undefined && shows(reading, value);
    }
    if (options.json) console.log(JSON.stringify({ node, type, before: before.value, value, readBack, ok }));
    else if (ok) console.log(`written, reads back as ${shown(readBack)}`);
    reportReadBack(ok, answered, readBack === null ? null : shown(readBack));
  });
}
