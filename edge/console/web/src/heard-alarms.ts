import type { AlarmsView, AlarmView } from '../../wire.ts';

/** Where a list was cut, an alarm that was not in it is new while people were told of it no longer ago than this, ms. */
const recentMs = 60_000;

const toldAt = ({ announcedAt, raisedAt }: AlarmView): number => announcedAt ?? raisedAt ?? 0;

/** Which alarms this screen has told of. */
export class HeardAlarms {
  /** By id, when people were told of it. */
  private known: Map<string, number> | undefined;
  private wasCut = false;

  /**
   * Those of a list that are new to this screen; none of the first list. An alarm that comes into a list that was cut,
   * because others have gone, is none: of what was cut out only the recent ones can be new. Safety alarms are never cut out.
   * @param nowMs on the gateway's clock
   */
  hear(
    { alarms, hidden, total }: Pick<AlarmsView, 'alarms' | 'hidden' | 'total'>,
    nowMs: number,
  ): readonly AlarmView[] {
    const before = this.known;
    const isNew = (alarm: AlarmView) =>
      before !== undefined &&
      before.get(alarm.id) !== toldAt(alarm) &&
      (alarm.safety || !this.wasCut || toldAt(alarm) > nowMs - recentMs);
    const fresh = alarms.filter(isNew);
    const isCut = total > alarms.length;
    this.known = new Map([
      ...(isCut ? (before ?? []) : []),
      ...alarms.map((alarm) => [alarm.id, toldAt(alarm)] as const),
    ]);
    // whoever comes back into view is told of again
    for (const { id } of hidden) this.known.delete(id);
    this.wasCut = isCut;
    return fresh;
  }
}
