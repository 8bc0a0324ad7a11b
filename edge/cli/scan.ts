import type { Command } from 'commander';
import { scanOpcua } from './scan-opcua.ts';

/** Each protocol adds its own subcommand. */
const protocols: readonly ((group: Command) => void)[] = [scanOpcua];

/** `lifeline scan <protocol> …`: what is there to connect to. */
export function scanCommand(program: Command): void {
  const group = program.command('scan').description('find out what a device or network offers');
  for (const add of protocols) add(group);
}
