import type { CityLink, LinkNow } from '../city/networks.ts';
import type { LinkChange, LinkChanges } from './view.ts';

/** A link as it was seen last, and the revision with which it came to be so. */
interface Seen {
  readonly link: CityLink;
  now: LinkNow;
  since: number;
}

/** Watches links and tells what has changed, so that pages are sent each change once and what stands still never again. */
export class LinkWatch {
  private readonly seen: readonly Seen[];
  private revision = 1;

  constructor(links: readonly CityLink[]) {
    this.seen = links.map((link) => ({ link, now: link.now(), since: 1 }));
  }

  /** Looks at all links; gives those that changed after `revision`, all of them for 0 or one that never was. */
  since(revision: number): LinkChanges {
    const next = this.revision + 1;
    this.seen.forEach((seen) => {
      const now = seen.link.now();
      if (now.state === seen.now.state && now.flow === seen.now.flow) return;
      this.revision = next;
      seen.now = now;
      seen.since = next;
    });
    const known = revision > this.revision ? 0 : revision;
    const changes = this.seen.flatMap(({ now: { state, flow }, since }, link): LinkChange[] =>
      since > known ? [[link, state, flow]] : [],
    );
    return { revision: this.revision, changes };
  }
}
