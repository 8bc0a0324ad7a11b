import type { Problem } from '../../../../core/errors.ts';
import { language, t } from '../language.ts';

interface TroubleProps {
  /** Coded text in English; empty when there is none. */
  readonly said: string;
  /** The same in both languages, with what to do about it. */
  readonly problem: Problem | undefined;
}

/** A text in which commands and keys of files stand between backticks. */
const WithCode = ({ text }: { text: string }) => (
  <>{text.split('`').map((part, at) => (at % 2 ? <code key={part}>{part}</code> : part))}</>
);

/** A trouble of a device or platform and what to do about it. The code stands alone, so that it can be looked up. */
export function Trouble({ said, problem }: TroubleProps) {
  if (!problem) return said === '' ? <span class="none">{t('none')}</span> : <span>{said}</span>;
  const { message, next } = language() === 'zh' ? problem.zh : problem;
  return (
    <>
      <code>{problem.code}</code> <WithCode text={message} />
      <span class="next-step">
        <WithCode text={next} />
      </span>
    </>
  );
}
