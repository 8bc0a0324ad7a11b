import { CommanderError } from 'commander';
import { describeError } from '../core/errors.ts';
import { ExitCode } from './exit.ts';
import { createProgram } from './program.ts';

try {
  const program = await createProgram(process.argv[2]);
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  else {
    console.error(`lifeline: ${describeError(error)}`);
    process.exitCode = ExitCode.failed;
  }
}
