/** Times that room is made for at first; doubled as needed. */
const firstCapacity = 16;
/** A chunk joins a track up to this length, so that a track ends some time. */
const mostToJoin = 512;

/** Source times in the order in which they came, ms since epoch, shared by chunks of tags that are polled together. */
export class TimeTrack {
  private times = new Float64Array(firstCapacity);
  private length = 0;
  private shown = this.times.subarray(0, 0);
  private shownFrom = 0;

  /** The time at a position. */
  at(position: number): number {
    return this.times[position] as number;
  }

  /** Where a chunk that begins with this time joins; −1 where it cannot. */
  joinedAt(time: number): number {
    const at = this.length === 0 ? -1 : this.times.lastIndexOf(time, this.length - 1);
    return at < mostToJoin ? at : -1;
  }

  /** Whether a time is the one at a position, or is put there as the newest. */
  takes(position: number, time: number): boolean {
    if (position < this.length) return this.times[position] === time;
    if (position === this.times.length) this.grow();
    this.times[position] = time;
    this.length++;
    return true;
  }

  /**
   * Where in here a chunk joins whose times are `count` ones of another track from position `start` on, and then this newest
   * one; −1 where it cannot.
   */
  followedAt(track: TimeTrack, start: number, count: number, time: number): number {
    const at = this.length - 1 - count;
    if (at < 0 || at >= mostToJoin || this.times[this.length - 1] !== time) return -1;
    for (let row = count - 1; row >= 0; row--) if (this.times[at + row] !== track.times[start + row]) return -1;
    return at;
  }

  /** Those at positions from `start` up to `end`, which never change; the same object as long as the same are asked for. */
  view(start: number, end: number): Float64Array {
    const { shown } = this;
    if (this.shownFrom !== start || shown.length !== end - start) {
      this.shown = this.times.subarray(start, end);
      this.shownFrom = start;
    }
    return this.shown;
  }

  /** Its own track for a chunk that goes its own way. */
  split(start: number, end: number): TimeTrack {
    const own = new TimeTrack();
    for (let position = start; position < end; position++) own.takes(position - start, this.times[position] as number);
    return own;
  }

  private grow(): void {
    const larger = new Float64Array(this.times.length * 2);
    larger.set(this.times);
    this.times = larger;
  }
}
