/** Links of a network that are counted together: 1 where their own direction counts, −1 where the other does. */
export interface SignedLink {
  readonly id: string;
  readonly sign: 1 | -1;
}

/** Where a role of an asset is measured in a network: a pressure at a node, a flow over links. */
export type Gauge = { readonly asset: string; readonly role: string } & (
  | { readonly node: string }
  /** `into` is 1 where the flow counts into the asset, −1 where it leaves it. */
  | { readonly into: 1 | -1; readonly links: readonly SignedLink[] }
);
