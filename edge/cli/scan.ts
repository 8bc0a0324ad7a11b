import type { Command } from 'commander';
import { scanModbus } from './scan-modbus.ts';
import { scanOpcua } from './scan-opcua.ts';

/** Each protocol adds its own subcommand. */
const protocols: readonly ((group: Command) => void)[] = [scanModbus, scanOpcua];

/** `lifeline scan <protocol> …`: what is there to connect to. */
export function scanCommand(program: Command): void {
  const group = program.command('scan').description('find out what a device or network offers');
  for (const add of protocols) add(group);
}
