import type { AlarmView } from '../../wire.ts';
import { isUnacknowledged } from './situation.ts';

const storageKey = 'lifeline.muted';
/** Two tones that cut through for safety, one for the rest; Hz. */
const tones = { safety: [988, 740], other: [587] } as const;
const toneS = 0.22;
const volume = 0.15;

let context: AudioContext | undefined;

export const isMuted = (): boolean => localStorage.getItem(storageKey) === 'yes';

/** Keeps this screen quiet, or lets it sound again. */
export function setMuted(muted: boolean): void {
  if (muted) localStorage.setItem(storageKey, 'yes');
  else localStorage.removeItem(storageKey);
}

/** Browsers let a page sound only after somebody has touched it. */
export function allowSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

/** What must sound of alarms that are new: safety before all else, nothing for the lowest priority. */
export function soundOf(fresh: readonly AlarmView[]): keyof typeof tones | undefined {
  const loud = fresh.filter((alarm) => isUnacknowledged(alarm) && (alarm.safety || alarm.priority !== 'low'));
  if (loud.some(({ safety }) => safety)) return 'safety';
  return loud.length > 0 ? 'other' : undefined;
}

/** Sounds for new alarms, unless this screen is muted. */
export function sound(fresh: readonly AlarmView[]): void {
  const kind = soundOf(fresh);
  if (!kind || !context || isMuted()) return;
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
