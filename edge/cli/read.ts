import type { Command } from 'commander';
import { readModbus } from './read-modbus.ts';
import { readOpcua } from './read-opcua.ts';

/** Each protocol adds its own subcommand. */
const protocols: readonly ((group: Command) => void)[] = [readModbus, readOpcua];

/** `lifeline read <protocol> …`: single values, once. */
export function readCommand(program: Command): void {
  const group = program.command('read').description('read single values of a device, once');
  for (const add of protocols) add(group);
}
