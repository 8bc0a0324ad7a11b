/**
 * Values handed to a connection and not taken yet: no event finds more of them before it. A larger message goes alone. A wire
 * of 1 Mbit/s has them away in half a second; one whose answers take 50 ms still carries 1.3 MB of values a second.
 */
const maxValueBytes = 65_536;
/** Of the messages that a far end takes at once a quarter is for events alone, as many as a sink ever has on their way at most. */
const eventShare = 1 / 4;
const maxKeptForEvents = 50;

/** What a message takes of a connection until it is done with. */
interface Burden {
  /** Of the messages that the far end lets be unanswered: 1, or 0 where it answers none. */
  readonly places: 0 | 1;
  readonly bytes: number;
}

interface Turn {
  readonly burden: Burden;
  go(): void;
}

/**
 * Two lanes to one far end: events, and all else that is not to wait, go at once where there is a place; values only while
 * none of those waits, while places stay free for them, and few bytes at a time. Each lane keeps its order.
 */
export class Lanes {
  private taken = 0;
  private values = { places: 0, bytes: 0 };
  private readonly places: number;
  private readonly placesOfValues: number;
  private readonly waitingEvents: Turn[] = [];
  private readonly waitingValues: Turn[] = [];

  /** @param places messages that the far end lets be unanswered; of one place values have it while no event waits */
  constructor(places = Number.POSITIVE_INFINITY) {
    this.places = places;
    this.placesOfValues = places - Math.min(maxKeptForEvents, Math.ceil((places - 1) * eventShare));
  }

  /** Settles as the work does, once it had its turn. */
  async event<Done>(places: Burden['places'], work: () => Promise<Done>): Promise<Done> {
    const burden = { places, bytes: 0 };
    if (this.waitingEvents.length > 0 || !this.hasPlace(burden)) await turnIn(this.waitingEvents, burden);
    else this.taken += places;
    try {
      return await work();
    } finally {
      this.taken -= places;
      this.next();
    }
  }

  /** The same behind every event. */
  async value<Done>(burden: Burden, work: () => Promise<Done>): Promise<Done> {
    if (this.waitingValues.length > 0 || !this.takesValue(burden)) await turnIn(this.waitingValues, burden);
    else this.loadValue(burden);
    try {
      return await work();
    } finally {
      this.taken -= burden.places;
      this.values.places -= burden.places;
      this.values.bytes -= burden.bytes;
      this.next();
    }
  }

  private next(): void {
    for (let [turn] = this.waitingEvents; turn && this.hasPlace(turn.burden); [turn] = this.waitingEvents) {
      this.waitingEvents.shift();
      this.taken += turn.burden.places;
      turn.go();
    }
    for (let [turn] = this.waitingValues; turn && this.takesValue(turn.burden); [turn] = this.waitingValues) {
      this.waitingValues.shift();
      this.loadValue(turn.burden);
      turn.go();
    }
  }

  private hasPlace({ places }: Burden): boolean {
    return this.taken + places <= this.places;
  }

  private takesValue(burden: Burden): boolean {
    const { places, bytes } = this.values;
    const small = bytes === 0 || bytes + burden.bytes <= maxValueBytes;
    const few = places + burden.places <= this.placesOfValues;
    return small && few && this.waitingEvents.length === 0 && this.hasPlace(burden);
  }

  private loadValue({ places, bytes }: Burden): void {
    this.taken += places;
    this.values.places += places;
    this.values.bytes += bytes;
  }
}

const turnIn = (waiting: Turn[], burden: Burden): Promise<void> => new Promise((go) => waiting.push({ burden, go }));
