import { type Command, InvalidArgumentError } from 'commander';
import { TRIAL_DAYS } from '../detection/learned/record.ts';
import { changeModel } from './models/change.ts';
import { describeModel } from './models/describe.ts';
import { listModels } from './models/list.ts';
import type { ModelsOptions } from './models/options.ts';
import { signModels } from './models/sign.ts';
import { verifyModels } from './models/verify.ts';
import { reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline models list -c gateway.yaml                         which models there are, which decide, how shadows did
  lifeline models verify -c gateway.yaml                       hashes, signatures, roles, units, operators, parity on this machine
  lifeline models sign -c gateway.yaml dma-2 --key site.pem    Ed25519; openssl genpkey -algorithm ed25519 -out site.pem makes a key
  lifeline models shadow -c gateway.yaml dma-2                 the newest version scores beside the alarms, without a say
  lifeline models promote -c gateway.yaml dma-2                the shadow decides from now on, if its record speaks for it
  lifeline models rollback -c gateway.yaml dma-2               the version before decides again
  lifeline models describe brought.onnx                        a manifest to fill in for a model from elsewhere

A gateway that runs takes a change in within a minute. Exit 1 when something is refused, with code and reason.
`;

/** `lifeline models`: what was trained or brought, and its life. */
export function modelsCommand(program: Command): void {
  const group = program
    .command('models')
    .description('models that were trained here or brought: try, promote, roll back');
  group.addHelpText('after', examples);
  const about = (name: string, what: string, argument: string) =>
    group
      .command(name)
      .description(what)
      .argument(argument, 'asset whose model is meant')
      .requiredOption('-c, --config <file>', 'gateway.yaml')
      .option('--data <dir>', 'folder of the state of lifeline run', 'data')
      .option('--version <n>', 'which version; the newest when left out', versionArgument)
      .option('--json', 'print the result as JSON');
  const acting =
    (run: (asset: string, options: ModelsOptions) => Promise<void>) => (asset: string, options: ModelsOptions) =>
      reportingFailure(() => run(asset, options));
  about('list', 'versions, which decides, which is in shadow, and what they did', '[asset]').action(acting(listModels));
  about('verify', 'all that must hold before a model is used', '[asset]').action(acting(verifyModels));
  about('shadow', 'let a version score beside the one that decides', '<asset>')
    .option('--off', 'end it')
    .action(
      acting((asset, options: ModelsOptions & { readonly off?: boolean }) =>
        changeModel(options.off ? 'unshadow' : 'shadow', asset, options),
      ),
    );
  about('promote', 'let a version decide', '<asset>')
    .option('--days <n>', 'days of rows that it must have scored in shadow', Number, TRIAL_DAYS)
    .option('--force', 'even if its record in shadow does not speak for it')
    .action(acting((asset, options) => changeModel('promote', asset, options)));
  about('rollback', 'let the version before decide again', '<asset>').action(
    acting((asset, options) => changeModel('rollback', asset, options)),
  );
  about('sign', 'sign a version with an Ed25519 key', '<asset>')
    .requiredOption('--key <file>', 'private key, PEM')
    .action(acting(signModels));
  group
    .command('describe')
    .description('print a manifest for an ONNX file, with what is to be filled in')
    .argument('<file>', 'model.onnx')
    .option('--json', 'the manifest alone')
    .action((file: string, options: { readonly json?: boolean }) =>
      reportingFailure(() => describeModel(file, options)),
    );
}

function versionArgument(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a version such as 2');
}
