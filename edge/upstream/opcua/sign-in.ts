import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { OpcuaOptions } from './options.ts';

/** Wrong passwords of one user within a minute; from then on every one is refused for the rest of it. */
const triesPerMinute = 10;
const minuteMs = 60_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Says who may sign in; unknown users and wrong passwords cost the same time. */
export function signIn(users: OpcuaOptions['users'], clock: Clock): (name: string, password: string) => boolean {
  const known = new Map(users.map(({ name, password }) => [name, digest(password)]));
  const wrong = new Map<string, number[]>();
  return (name, password) => {
    const nowMs = clock.monotonicMs();
    const recent = (wrong.get(name) ?? []).filter((timeMs) => nowMs - timeMs < minuteMs);
    const expected = known.get(name);
    const right = timingSafeEqual(expected ?? digest(''), digest(password)) && expected !== undefined;
    if (right && recent.length < triesPerMinute) return true;
    if (expected) wrong.set(name, [...recent, nowMs].slice(-triesPerMinute));
    return false;
  };
}
