import { useState } from 'preact/hooks';
import { t } from '../language.ts';
import { type TruthSpan, truthOf } from '../truth.ts';

/** Takes the truth of a simulated city from a file of the reader's own; no gateway ever sees it. */
export function TruthFile({ onRead }: { onRead: (spans: readonly TruthSpan[]) => void }) {
  const [said, say] = useState('');
  const read = async (file: File | undefined) => {
    if (!file) return;
    const spans = truthOf(await file.text());
    say(spans.length === 0 ? t('noTruth') : `${spans.length} ${t('truthRead')}`);
    onRead(spans);
  };
  return (
    <p class="truth-file">
      <label class="button" title={t('openTruthHint')}>
        {t('openTruth')}
        <input
          type="file"
          class="hidden"
          accept=".jsonl,.ndjson,.json,.txt"
          onChange={({ currentTarget }) => void read(currentTarget.files?.[0])}
        />
      </label>
      <span role="status">{said}</span>
    </p>
  );
}
