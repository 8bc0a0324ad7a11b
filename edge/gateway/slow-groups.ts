import type { DeviceHealth, GroupPace } from '../core/status.ts';

/** A group is behind when its points are read more seldom than that, as a share of its period; it has caught up below. */
const behindShare = 1.15;
const caughtUpShare = 1.08;
/** It must stay behind this long, and for so many of its periods, before it is worth a person's time. */
const holdMs = 30_000;
const holdPeriods = 3;

/** Decides which poll groups do not keep their period. A device that is away is not slow. */
export class SlowGroups {
  /** Since when groups are behind, monotonic ms; by device and period. */
  private readonly behindSinceMs = new Map<string, number>();
  private readonly slow = new Set<string>();

  /** Of the groups of a device that have been behind for long enough, the one that is furthest behind. */
  look(device: DeviceHealth, nowMs: number): GroupPace | undefined {
    const online = device.state === 'online';
    const slow = device.groups.filter((group) => this.isSlow(`${device.id}/${group.periodMs}`, group, online, nowMs));
    return slow.sort((a, b) => shareOf(b) - shareOf(a))[0];
  }

  /** The device is not configured any more, or has other groups. */
  forget(device: string): void {
    for (const kept of [this.behindSinceMs, this.slow]) {
      for (const key of kept.keys()) if (key.startsWith(`${device}/`)) kept.delete(key);
    }
  }

  private isSlow(key: string, group: GroupPace, online: boolean, nowMs: number): boolean {
    const share = online ? shareOf(group) : 0;
    // a single hiccup moves the mean for a while, but not the mean without it
    const behind = share > behindShare && (group.steadyMs ?? 0) > caughtUpShare * group.periodMs;
    const sinceMs = this.behindSinceMs.get(key) ?? nowMs;
    if (behind) this.behindSinceMs.set(key, sinceMs);
    else this.behindSinceMs.delete(key);
    if (behind && nowMs - sinceMs >= Math.max(holdMs, holdPeriods * group.periodMs)) this.slow.add(key);
    if (share < caughtUpShare) this.slow.delete(key);
    return this.slow.has(key);
  }
}

/** How much more seldom than meant a group is read: 1 when it keeps its period, 0 without figures. */
const shareOf = ({ achievedMs, periodMs }: GroupPace): number => (achievedMs ?? 0) / periodMs;
