import type { Asset } from '../core/asset.ts';

/** Prefix of an input that is the median of a role over all assets of the kind: `peers.outdoor-temperature`. */
export const peersPrefix = 'peers.';
/** Prefix of a role of the first asset that this one feeds, where it is of the same kind: `downstream.filling`. */
export const downstreamPrefix = 'downstream.';
/** Prefix of a role of the asset that feeds this one, whatever its kind: `upstream.outlet-pressure`. */
export const upstreamPrefix = 'upstream.';
/** Fewer than this have no median that one of them cannot spoil. */
export const fewestPeers = 3;

/** A role of another asset, as options name it, without the prefix that says whose. */
export function plainRole(role: string): string {
  const prefix = [peersPrefix, downstreamPrefix, upstreamPrefix].find((one) => role.startsWith(one)) ?? '';
  return role.slice(prefix.length);
}

/** The asset that feeds another: of several the first that is named. */
export const feederOf = <Feeding extends { readonly upstreamOf: readonly string[] }>(
  { id }: { readonly id: string },
  assets: readonly Feeding[],
): Feeding | undefined => assets.find(({ upstreamOf }) => upstreamOf.includes(id));

/** The tag of a role, here, downstream or upstream, or those of its peers; none where it is not mapped or has too few. */
export function tagsOfRole(role: string, asset: Asset, assets: readonly Asset[]): readonly number[] {
  const plain = plainRole(role);
  if (role.startsWith(downstreamPrefix)) {
    const below = assets.find(({ id, type }) => id === asset.upstreamOf[0] && type === asset.type);
    return [below?.roles[plain] ?? []].flat();
  }
  if (role.startsWith(upstreamPrefix)) return [feederOf(asset, assets)?.roles[plain] ?? []].flat();
  if (!role.startsWith(peersPrefix)) return [asset.roles[role] ?? []].flat();
  const tags = assets.filter(({ type }) => type === asset.type).flatMap(({ roles }) => roles[plain] ?? []);
  return tags.length < fewestPeers ? [] : tags;
}
