import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LinkNow, linkStates } from '../../simulator/city/networks.ts';
import { LinkWatch } from '../../simulator/console/link-watch.ts';

const links = 6;
const now = fc.record({
  state: fc.constantFrom(...linkStates),
  flow: fc.constantFrom(-1 as const, 0 as const, 1 as const),
});

describe('the watch over links', () => {
  it('keeps every page right that asks for what it has missed, however seldom, and sends nothing twice', () => {
    const events = fc.oneof(fc.record({ link: fc.nat(links - 1), now }), fc.record({ page: fc.nat(2) }));
    fc.assert(
      fc.property(fc.array(events, { maxLength: 60 }), (course) => {
        const truth: LinkNow[] = Array.from({ length: links }, () => ({ state: 'usual', flow: 0 }));
        const watch = new LinkWatch(
          truth.map((_, at) => ({ id: String(at), from: 'a', to: 'b', now: () => truth[at]! })),
        );
        const pages = Array.from({ length: 3 }, () => ({ revision: 0, known: [] as LinkNow[] }));
        for (const event of course) {
          if ('link' in event) {
            truth[event.link] = event.now;
            continue;
          }
          const page = pages[event.page]!;
          const { revision, changes } = watch.since(page.revision);
          for (const [link, state, flow] of changes) page.known[link] = { state, flow };
          page.revision = revision;
          expect(page.known).toEqual(truth);
          expect(watch.since(revision).changes).toEqual([]);
        }
      }),
    );
  });

  it('tells all to a page that comes from another city', () => {
    const watch = new LinkWatch([{ id: 'one', from: 'a', to: 'b', now: () => ({ state: 'weak', flow: 1 }) }]);
    expect(watch.since(99)).toEqual({ revision: 1, changes: [[0, 'weak', 1]] });
  });
});
