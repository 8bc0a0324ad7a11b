import type { Event } from '../core/event.ts';
import { FloodWatch, isAnnouncement } from './flood.ts';
import { IncidentBook, type IncidentCatalogue } from './incidents/incident-book.ts';
import { WorkBook } from './incidents/work-book.ts';
import { MaintenanceBook } from './maintenance.ts';
import { alarmFromEvent } from './record.ts';
import { AlarmRegister } from './register.ts';
import { StandingEvents } from './standing.ts';
import { VerdictBook } from './verdicts/book.ts';
import { Tolerances } from './verdicts/tolerances.ts';

/** Everything about alarms that journaled events rebuild. */
export class AlarmBooks {
  readonly register: AlarmRegister;
  readonly incidents: IncidentBook;
  readonly work = new WorkBook();
  readonly tolerances: Tolerances;
  readonly flood = new FloodWatch();
  readonly maintenance = new MaintenanceBook();
  readonly verdicts: VerdictBook;
  readonly standing = new StandingEvents();

  /** @param follows whether verdicts may move the limits of a detector */
  constructor(catalogue: IncidentCatalogue, follows: (detector: string) => boolean) {
    this.register = new AlarmRegister(catalogue, (subjects) => this.maintenance.reasonFor(subjects));
    this.incidents = new IncidentBook(catalogue);
    this.tolerances = new Tolerances(follows);
    this.verdicts = new VerdictBook(follows);
  }

  /** Replays a journaled event after a restart. */
  restore(event: Event): void {
    const alarm = alarmFromEvent(event);
    this.register.restore(event, alarm);
    this.incidents.restore(event, alarm);
    this.work.restore(event);
    this.verdicts.hear(event, alarm);
    this.tolerances.restore(event);
    this.standing.hear(event);
    this.maintenance.restore(event);
    if (isAnnouncement(event.type) && !alarm?.finding.simulated) this.flood.announce(event.time);
  }

  /** Takes over what these lack, as they went on from what stands; `whole` has heard all of the newest events, up to now. */
  recall(whole: AlarmBooks): void {
    this.register.recall(whole.register);
    this.incidents.recall(whole.incidents);
    this.work.recall(whole.work);
    this.verdicts.recall(whole.verdicts);
    this.tolerances.recall(whole.tolerances);
    this.maintenance.recall(whole.maintenance);
    this.flood.recall(whole.flood);
  }
}
