import { inThread } from '../../../simulator/exam/thread.ts';
import { LifelineError } from '../../core/errors.ts';
import type { Learn } from '../../gateway/self-learning.ts';
import { guarded } from './guard.ts';
import type { CalibrationNews, CalibrationWish } from './work.ts';
import { countsOf, joined, textOf } from './written.ts';

/** What the guard says of a claim that it does not let be learnt anew. */
const drifted = 'LL-PAST-DRIFT';

/** How the gateway of a configuration learns by itself: as `lifeline calibrate` does, without what alarms stood in. */
export const learningOf =
  (config: string, data: string): Learn =>
  async ({ stage, newestMs, before, onShare, signal }) => {
    const wish: CalibrationWish = { config, data, from: 'history', seed: 1, excludeAlarmed: true, newestMs, stage };
    const ended: { news?: Exclude<CalibrationNews, { readonly share: number }> } = {};
    const heard = (news: CalibrationNews) => {
      if ('share' in news) onShare(news.share);
      else ended.news = news;
    };
    await inThread(import.meta.url, 'calibrating-thread', wish, heard, signal);
    if (!ended.news) throw new Error('the calibrating thread ended without a result');
    if ('failed' in ended.news) throw failureOf(ended.news.failed);
    const taken = guarded(before, ended.news.calibrated, false);
    const whole = joined(before, taken.calibration);
    const { tags, claims } = countsOf(whole);
    const refused = taken.not.filter(({ error }) => error.code === drifted).map(({ subject }) => subject);
    return { text: textOf(whole), tags, claims, refused };
  };

/** The error as it was on the other side of the thread. */
const failureOf = ({ code, message, next, told }: Extract<CalibrationNews, { readonly failed: unknown }>['failed']) =>
  new LifelineError(code, { cause: message, retry: true, next }, told);
