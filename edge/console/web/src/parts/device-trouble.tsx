import type { DeviceView } from '../../../wire.ts';
import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { t } from '../language.ts';
import { Trouble } from './trouble.tsx';

/** What troubles a device and what to do; of one that is over once more only what it was and when, for it asks for nothing. */
export function DeviceTrouble({ device: { state, lastError, problem, troubledAt } }: { device: DeviceView }) {
  if (state !== 'online' || troubledAt === undefined) return <Trouble said={lastError} problem={problem} />;
  return (
    <span class="trouble-over" title={lastError}>
      {t('troubleOver')} <time>{momentText(troubledAt, gatewayNow())}</time> {problem && <code>{problem.code}</code>}
    </span>
  );
}
