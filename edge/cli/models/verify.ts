import { errorWithNext } from '../../core/errors.ts';
import { versionsOf } from '../../detection/learned/shelf.ts';
import { codedText } from '../coded-text.ts';
import { ExitCode } from '../exit.ts';
import { type Judgement, judgeVersion } from './judge.ts';
import type { ModelsOptions } from './options.ts';
import { assetsNamed, openSite, versionMeant } from './site.ts';

/** Verifies the version that is meant of each asset named, or the newest of all assets that have one. Exit 1 when one fails. */
export async function verifyModels(name: string | undefined, options: ModelsOptions): Promise<void> {
  const { gateway, folder } = await openSite(options.config, options.data);
  const judgements: Judgement[] = [];
  for (const asset of assetsNamed(gateway, name)) {
    if (name === undefined && (await versionsOf(folder, asset.id)).length === 0) continue;
    judgements.push(await judgeVersion(gateway, folder, asset, await versionMeant(folder, asset.id, options.version)));
  }
  if (options.json) console.log(JSON.stringify(judgements.map(plain), null, 2));
  else for (const judgement of judgements) tell(judgement);
  if (judgements.some(({ errors }) => errors.length > 0)) process.exitCode = ExitCode.failed;
}

const plain = ({ asset, version, errors }: Judgement) => ({
  ...{ asset, version, ok: errors.length === 0 },
  errors: errors.map(codedText),
});

function tell({ asset, version, manifest, errors }: Judgement): void {
  const parity = `${manifest?.parity.length ?? 0} parity vectors`;
  console.log(`${asset} version ${version}: ${errors.length === 0 ? `in order, ${parity}` : 'refused'}`);
  for (const error of errors) console.log(`  ${errorWithNext(error)}`);
}
