import type { LeftOut } from '../../../models/training/asset-history.ts';
import type { CodedText } from '../coded-text.ts';
import type { PastWish } from '../past/wish.ts';

/** A linear model of each asset, or one small autoencoder of each kind. */
export const modelKinds = ['linear', 'autoencoder'] as const;
export type ModelKind = (typeof modelKinds)[number];

/** What the training thread is asked. */
export interface TrainingWork {
  readonly past: PastWish;
  readonly model: ModelKind;
  /** Assets to train; all of them when empty. */
  readonly assets: readonly string[];
  /** The number of the new version of each asset's model. */
  readonly versions: Readonly<Record<string, number>>;
}

/** A model ready to be written, or why an asset has none. */
export type TrainedAsset =
  | {
      readonly asset: string;
      readonly version: number;
      readonly files: Readonly<Record<string, Uint8Array>>;
      readonly limit: number;
      readonly inputs: readonly string[];
      readonly leftOut: readonly LeftOut[];
      readonly heldOut: Readonly<Record<string, unknown>>;
    }
  | { readonly asset: string; readonly error: CodedText; readonly leftOut: readonly LeftOut[] };

/** What the thread tells: how far it is, at last what came of it. */
export type TrainingNews =
  | { readonly share: number; readonly doing: string }
  | {
      readonly assets: readonly TrainedAsset[];
      readonly source: string;
      readonly steps: number;
      readonly notes: readonly string[];
    }
  | { readonly failed: CodedText };
