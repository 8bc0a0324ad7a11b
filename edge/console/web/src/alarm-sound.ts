import { realClock } from '../../../core/clock.ts';
import type { AlarmView } from '../../wire.ts';
import { isUnacknowledged } from './situation.ts';

const storageKey = 'lifeline.muted';
/** Two tones that cut through for safety, one for the rest; Hz. */
const tones = { safety: [988, 740], other: [587] } as const;
const toneS = 0.22;
const volume = 0.15;
/** A safety alarm sounds again so often until somebody acknowledges it, and no mute keeps it quiet for longer than that, ms. */
export const repeatMs = 10_000;
const safetyMuteMs = 600_000;

type Kind = keyof typeof tones;

const clock = realClock();
let context: AudioContext | undefined;

/** Since when this screen is muted, ms on its own clock; undefined while it sounds. */
function mutedAt(): number | undefined {
  const kept = localStorage.getItem(storageKey);
  return kept === null ? undefined : Number(kept) || 0;
}

export const isMuted = (): boolean => mutedAt() !== undefined;

/** How long safety alarms stay quiet yet, ms. */
export function safetyQuietMs(): number {
  const leftMs = (mutedAt() ?? 0) + safetyMuteMs - clock.wallMs();
  // a clock that was set back makes no mute longer
  return leftMs > safetyMuteMs ? 0 : Math.max(0, leftMs);
}

/** Keeps this screen quiet, or lets it sound again. */
export function setMuted(muted: boolean): void {
  if (muted) localStorage.setItem(storageKey, `${clock.wallMs()}`);
  else localStorage.removeItem(storageKey);
}

/** Browsers let a page sound only after somebody has touched it. */
export function allowSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

/** What must sound of alarms that are new: safety before all else, nothing for the lowest priority. */
export function soundOf(fresh: readonly AlarmView[]): Kind | undefined {
  const loud = fresh.filter((alarm) => isUnacknowledged(alarm) && (alarm.safety || alarm.priority !== 'low'));
  if (loud.some(({ safety }) => safety)) return 'safety';
  return loud.length > 0 ? 'other' : undefined;
}

/** Sounds, unless this screen is muted for that. */
export function sound(kind: Kind | undefined): void {
  if (!kind || !context || (kind === 'safety' ? safetyQuietMs() > 0 : isMuted())) return;
  const ends = context.destination;
  const rounds = kind === 'safety' ? 3 : 1;
  for (let round = 0; round < rounds; round++) {
    tones[kind].forEach((hertz, index) => {
      const at = (context?.currentTime ?? 0) + (round * tones[kind].length + index) * toneS;
      const tone = new OscillatorNode(context as AudioContext, { frequency: hertz });
      const level = new GainNode(context as AudioContext, { gain: volume });
      tone.connect(level).connect(ends);
      tone.start(at);
      tone.stop(at + toneS * 0.9);
    });
  }
}
