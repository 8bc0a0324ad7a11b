import type { Command } from 'commander';
import { writeModbus } from './write-modbus.ts';
import { writeOpcua } from './write-opcua.ts';

/** Each protocol adds its own subcommand. */
const protocols: readonly ((group: Command) => void)[] = [writeModbus, writeOpcua];

/** `lifeline write <protocol>`: one value into a device, with a person's consent. */
export function writeCommand(program: Command): void {
  const group = program.command('write').description('write one value into a device, after confirmation');
  for (const add of protocols) add(group);
}
