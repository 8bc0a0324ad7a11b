/**
 * The servers of a road, one at a time (for Sparkplug: tck-id-operational-behavior-primary-application-state-with-multiple-servers-walk).
 */
export class ServerWalk {
  private place = 0;
  private readonly urls: readonly string[];

  constructor(urls: readonly string[]) {
    this.urls = urls;
  }

  /** The server in use, or to be tried next. */
  get current(): string {
    return this.urls[this.place] ?? '';
  }

  /** Whether there is another one to go to. */
  get several(): boolean {
    return this.urls.length > 1;
  }

  /** Goes on to the next one, after the last to the first. */
  next(): void {
    this.place = (this.place + 1) % this.urls.length;
  }
}
