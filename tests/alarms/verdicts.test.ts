import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { VerdictBook } from '../../edge/alarms/verdicts/book.ts';
import type { NewEvent } from '../../edge/core/event.ts';
import { type Verdict, verdicts } from '../../edge/core/verdict.ts';

const text = { zh: '', en: '' };
const catalogue = {
  subject: (id: string) => ({ id, name: id, utility: 'water', grid: '', location: undefined }),
  alarm: () =>
    ({ priority: 'high', riskLevel: 'III', safety: false, message: text, cause: text, response: text }) as const,
};

/** What one register journals when alarms come and people judge them. */
class Desk {
  readonly register = new AlarmRegister(catalogue);
  readonly events: NewEvent[] = [];

  raise(asset: string, from: string, time: number): void {
    const claim = { asset, kind: from, from, score: 1, evidence: [] };
    for (const active of [true, false]) {
      const [change] = this.register.take({ ...claim, active, time });
      if (change) this.events.push(change.event);
    }
    this.push(this.register.acknowledge(`${asset}/${from}`, 'op', time));
  }

  judge(asset: string, kind: string, verdict: Verdict, at: number): void {
    this.push(this.register.judge(`${asset}/${kind}`, { verdict, note: '', by: 'op', at }));
  }

  heard(): VerdictBook {
    const book = new VerdictBook((detector) => detector === 'jump');
    this.events.forEach((event, index) => {
      book.hear(JSON.parse(JSON.stringify({ ...event, stream: 'events', epoch: 'e', sequence: index + 1 })));
    });
    return book;
  }

  private push(change: { readonly event: NewEvent } | undefined): void {
    if (change) this.events.push(change.event);
  }
}

describe('verdicts on alarms', () => {
  it('count once for each time that an alarm was raised, by the last word, whatever came between', () => {
    const what = fc.record({
      act: fc.constantFrom('raise', ...verdicts),
      asset: fc.constantFrom('a', 'b'),
      detector: fc.constantFrom('jump', 'residual'),
    });
    fc.assert(
      fc.property(fc.array(what, { maxLength: 40 }), (acts) => {
        const desk = new Desk();
        // the reference: a verdict, or none, for each time that an alarm was raised
        const raised = new Map<string, (Verdict | 'none')[]>();
        acts.forEach(({ act, asset, detector }, index) => {
          const times = raised.get(`${asset}/${detector}`) ?? [];
          if (act === 'raise') {
            desk.raise(asset, detector, index + 1);
            times.push('none');
          } else {
            desk.judge(asset, detector, act, index + 1);
            if (times.length > 0) times[times.length - 1] = act;
          }
          raised.set(`${asset}/${detector}`, times);
        });
        for (const { detector, ...counted } of desk.heard().report(1000).detectors) {
          const all = ['a', 'b'].flatMap((asset) => raised.get(`${asset}/${detector}`) ?? []);
          const of = (wanted: string) => all.filter((one) => one === wanted).length;
          const judged = all.length - of('none');
          expect(counted).toEqual({
            ...{ raised: all.length, useful: of('useful'), nuisance: of('nuisance'), wrongCause: of('wrong-cause') },
            planned: of('planned'),
            nuisanceShare: judged === 0 ? null : of('nuisance') / judged,
            wrongCauseShare: judged === 0 ? null : of('wrong-cause') / judged,
          });
        }
        expect(desk.heard().report(1000).detectors.length).toBe(
          new Set(acts.filter(({ act }) => act === 'raise').map(({ detector }) => detector)).size,
        );
      }),
    );
  });

  it('leave the state of an alarm as it is, and are gone when it is raised again', () => {
    const desk = new Desk();
    desk.raise('a', 'jump', 1);
    desk.judge('a', 'jump', 'nuisance', 2);
    expect(desk.register.recent(1)[0]).toMatchObject({ state: 'normal', judgement: { verdict: 'nuisance', at: 2 } });
    desk.raise('a', 'jump', 3);
    expect(desk.register.recent(1)[0]!.judgement).toBeUndefined();
  });

  it('label the time of an alarm as no normal operation unless it was a nuisance, once its condition is over', () => {
    const desk = new Desk();
    for (const [index, verdict] of verdicts.entries()) {
      desk.raise(`a-${index}`, 'jump', 10 * index);
      desk.judge(`a-${index}`, 'jump', verdict, 10 * index + 5);
    }
    desk.raise('unjudged', 'jump', 70);
    const standing = { asset: 'stands', kind: 'jump', from: 'jump', score: 1, evidence: [], active: true, time: 80 };
    desk.events.push(desk.register.take(standing)[0]!.event);
    desk.judge('stands', 'jump', 'planned', 85);
    const labelled = () => desk.heard().report(100).labelled;
    expect(labelled()).toEqual([
      { asset: 'a-0', kind: 'jump', verdict: 'useful', from: 0, to: 0 },
      { asset: 'a-2', kind: 'jump', verdict: 'wrong-cause', from: 20, to: 20 },
      { asset: 'a-3', kind: 'jump', verdict: 'planned', from: 30, to: 30 },
    ]);
    desk.events.push(desk.register.take({ ...standing, active: false, time: 90 })[0]!.event);
    expect(labelled().at(-1)).toEqual({ asset: 'stands', kind: 'jump', verdict: 'planned', from: 80, to: 90 });
  });

  it('count for the alarm budget over 28 days at most, of detectors that follow it, and not before the first event', () => {
    const dayMs = 86_400_000;
    const desk = new Desk();
    desk.raise('a', 'jump', 0);
    for (const day of [10, 20, 30]) desk.raise('a', 'jump', day * dayMs);
    desk.judge('a', 'jump', 'nuisance', 30 * dayMs);
    desk.raise('a', 'limit', 30 * dayMs);
    const at = (day: number) => desk.heard().report(day * dayMs).budgeted;
    expect(at(20)).toMatchObject({ days: 20 });
    expect(at(31)).toEqual({ days: 28, raised: 3, nuisance: 1, unjudged: 2 });
    expect(at(40)).toEqual({ days: 28, raised: 2, nuisance: 1, unjudged: 1 });
    expect(new Desk().heard().report(5).budgeted).toEqual({ days: 0, raised: 0, nuisance: 0, unjudged: 0 });
  });

  it('tell when alarms of some assets stood in a stretch of time, the newest first, as looking at each one does', () => {
    const stood = fc.record({
      asset: fc.constantFrom('a', 'b', 'c'),
      detector: fc.constantFrom('jump', 'residual'),
      // far enough apart that none is held for chattering
      time: fc.integer({ min: 1, max: 1_000 }).map((minute) => 60_000 * minute),
    });
    const bound = fc.integer({ min: 0, max: 60_000_000 });
    const alarms = fc.uniqueArray(stood, { maxLength: 30, selector: ({ time }) => time });
    fc.assert(
      fc.property(alarms, bound, bound, (all, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const inOrder = [...all].sort((x, y) => x.time - y.time);
        const desk = new Desk();
        for (const { asset, detector, time } of inOrder) desk.raise(asset, detector, time);
        // each is over the moment it was raised
        const expected = new Set(
          inOrder
            .filter(({ asset, time }) => asset !== 'c' && time >= from && time <= to)
            .map(({ asset, detector, time }) => `${asset}/${detector}@${time}`),
        );
        const told = desk.heard().during(new Set(['a', 'b']), from, to, 100);
        expect(new Set(told.map(({ asset, kind, raisedAt }) => `${asset}/${kind}@${raisedAt}`))).toEqual(expected);
        const times = told.map(({ raisedAt }) => raisedAt);
        expect(times).toEqual([...times].sort((x, y) => y - x));
      }),
    );
  });
});
