import type { Finding } from '../core/finding.ts';

/** What is claimed, and by which detectors: a claim that several make stands while one of them does. */
export class Standing {
  private readonly claimants = new Map<string, Set<string>>();

  /** `<asset>/<kind>` of all that stands. */
  get claims(): readonly string[] {
    return [...this.claimants.keys()];
  }

  has(claim: string): boolean {
    return this.claimants.has(claim);
  }

  /** Takes in a finding; true unless another detector's claim stands by itself. */
  take({ asset, kind, from, active }: Finding): boolean {
    const claim = `${asset}/${kind}`;
    const others = new Set(this.claimants.get(claim));
    others.delete(from);
    if (active) this.add(claim, from);
    else if (others.size > 0) this.claimants.set(claim, others);
    else this.claimants.delete(claim);
    return others.size === 0;
  }

  /** A detector has a claim standing. */
  add(claim: string, detector: string): void {
    this.claimants.set(claim, new Set(this.claimants.get(claim)).add(detector));
  }
}
