import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileReason } from '../../config/file-reason.ts';
import type { LoadedGateway } from '../../config/load.ts';
import type { Asset } from '../../core/asset.ts';
import { LifelineError } from '../../core/errors.ts';
import { modelErrors } from '../../detection/errors.ts';
import { bindInputs } from '../../detection/learned/inputs.ts';
import { versionFolder } from '../../detection/learned/shelf.ts';
import { objectionToSignature } from '../../detection/learned/signature.ts';
import { parseSiteManifest, type SiteManifest } from '../../detection/learned/site-manifest.ts';
import { ModelSession } from '../../detection/model-session.ts';
import { parityObjection } from '../../detection/parity.ts';
import { objectionToOperators, objectionToShape, readOnnx } from './onnx-file.ts';

/** What is to be said of one version of a model. */
export interface Judgement {
  readonly asset: string;
  readonly version: number;
  readonly manifest: SiteManifest | undefined;
  /** Everything that keeps it from being used; empty when nothing does. */
  readonly errors: readonly LifelineError[];
}

/** Looks at a version as the gateway will, and into its file: hash, signature, roles, units, operators, shapes, parity. */
export async function judgeVersion(
  gateway: LoadedGateway,
  folder: string,
  asset: Asset,
  version: number,
): Promise<Judgement> {
  const place = versionFolder(folder, asset.id, version);
  try {
    const manifest = await manifestIn(place);
    const errors = await objectionsTo(gateway, place, asset, manifest);
    return { asset: asset.id, version, manifest, errors };
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
    return { asset: asset.id, version, manifest: undefined, errors: [error] };
  }
}

/** Throws LL-MODEL-MISSING or -MANIFEST. */
export async function manifestIn(place: string): Promise<SiteManifest> {
  const file = join(place, 'manifest.json');
  const text = await read(file);
  try {
    return parseSiteManifest(text.toString());
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw modelErrors.create('MANIFEST', `read manifest ${file}: ${why}`, cause);
  }
}

async function read(file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: unknown) => {
    throw modelErrors.create('MISSING', `cannot read ${file}${fileReason(cause)}`, cause);
  });
}

async function objectionsTo(
  { tags, trustedKeys, config }: LoadedGateway,
  place: string,
  asset: Asset,
  manifest: SiteManifest,
): Promise<readonly LifelineError[]> {
  const bound = bindInputs(manifest, asset, tags);
  const { allowUnsigned } = config.detection;
  const outside = [
    ...(bound instanceof LifelineError ? [bound] : []),
    objectionToSignature(manifest, { trustedKeys, allowUnsigned }),
  ];
  const file = join(place, manifest.file);
  const bytes = await read(file);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== manifest.sha256) {
    const text = `check ${file}: sha256 ${found.slice(0, 12)}…, its manifest says ${manifest.sha256.slice(0, 12)}…`;
    return present([...outside, modelErrors.create('HASH', text)]);
  }
  const onnx = readOnnx(file, bytes);
  const inside = present([objectionToOperators(file, onnx), objectionToShape(file, onnx, manifest)]);
  const replayed = inside.length > 0 ? undefined : await replay(file, bytes, manifest);
  return present([...outside, ...inside, replayed]);
}

const present = (errors: readonly (LifelineError | undefined)[]): readonly LifelineError[] =>
  errors.filter((error) => error !== undefined);

/** The manifest's own figures, on this machine. */
async function replay(file: string, bytes: Uint8Array, manifest: SiteManifest): Promise<LifelineError | undefined> {
  const session = new ModelSession();
  const { inputName, outputName, inputs, parity } = manifest;
  try {
    const loaded = await session.answer({ type: 'load', bytes, inputName, outputName });
    if (loaded.type !== 'loaded')
      return modelErrors.create('LOAD', `load ${file}: ${'reason' in loaded ? loaded.reason : ''}`);
    const rows = Float32Array.from(parity.flatMap(({ input }) => input));
    const reply = await session.answer({ type: 'run', id: 0, rows, width: inputs.length });
    return parityObjection(file, parity, reply);
  } finally {
    await session.close();
  }
}
