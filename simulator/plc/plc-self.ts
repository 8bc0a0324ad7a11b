import type { Plc } from '../city/plant.ts';
import { Controller } from './controller.ts';
import { isPowered, places } from './server.ts';
import { PlcTraffic } from './traffic.ts';
import { Watchdog } from './watchdog.ts';

/** A program's time for one scan, ms: for itself and for each of its points (design choice, that of a small PLC). */
const programMs = { itself: 1.5, point: 0.02 } as const;
/** Time of the processor that an answer takes, ms (design choice). */
const answerMs = 0.8;
/** Clients get half of the processor at most, the default of S7-1500 (Cycle and response times, communication load). */
const mostLoad = 0.5;

/**
 * How much longer a scan takes with so many requests a second beside it: communication interrupts the program, and what
 * it takes of the time the program lacks, t / (1 − load) (S7-1500, Cycle and response times).
 */
export const stretchedBy = (requestsPerS: number): number =>
  1 / (1 - Math.min(mostLoad, (requestsPerS * answerMs) / 1000));

/** What a PLC knows of itself, apart from its process. */
export class PlcSelf {
  /** What those clients do that live in the city: intruders, engineers. A server adds its own. */
  readonly traffic = new PlcTraffic();
  readonly controller: Controller;
  readonly watchdog: Watchdog;
  /** Connections that it can have at a time. */
  readonly places: number;
  /** Whether the key switch stands on maintenance: somebody works at the PLC and may change what he likes. */
  maintenance = false;
  /** How often it lost its supply and began anew. */
  restarts = 0;
  private readonly plc: Plc;
  private readonly programMs: number;
  private powered = true;
  private requestsPerS = 0;
  private requests = 0;

  constructor(plc: Plc) {
    this.plc = plc;
    this.places = places[plc.protocol];
    this.controller = plc.controller ?? new Controller(plc.id);
    this.watchdog = new Watchdog(this.controller, plc.points);
    this.programMs = programMs.itself + programMs.point * plc.points.length;
  }

  /** Moves on by `dtS` seconds. */
  step(dtS: number): void {
    const powered = isPowered(this.plc);
    if (powered && !this.powered) {
      this.restarts++;
      this.controller.restart();
      this.watchdog.forget();
    }
    if (!powered && this.powered) this.traffic.disconnectAll();
    this.powered = powered;
    if (powered) this.watchdog.step(dtS);
    this.requestsPerS = (this.traffic.requests - this.requests) / dtS;
    this.requests = this.traffic.requests;
  }

  /** Time of a scan, ms. */
  get scanMs(): number {
    return this.plc.scanMs ?? this.programMs * stretchedBy(this.requestsPerS);
  }
}
