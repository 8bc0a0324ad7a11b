import { useState } from 'preact/hooks';
import { postJson } from '../feed.ts';
import { t } from '../language.ts';
import { ownName } from '../operator.ts';
import { useAction } from '../use-action.ts';
import { Problem } from './problem.tsx';

/** Gives the console another certificate from two files of the reader's own. For owners. */
export function ReplaceCertificate({ onReplaced }: { onReplaced: () => void }) {
  const [certificate, setCertificate] = useState<File>();
  const [key, setKey] = useState<File>();
  const [shown, setShown] = useState('');
  const { busy, problem, run } = useAction();
  const replace = async () => {
    if (!certificate || !key) return;
    setShown('');
    const done = await run(async () => {
      const pair = { certificate: await certificate.text(), key: await key.text(), by: ownName() };
      const { fingerprint } = await postJson<{ readonly fingerprint: string }>('/api/console-certificate', pair);
      setShown(fingerprint);
    });
    if (done) onReplaced();
  };
  return (
    <form
      class="form-line"
      aria-label={t('replaceCertificate')}
      onSubmit={(event) => {
        event.preventDefault();
        void replace();
      }}
    >
      <PemFile label={t('certificateFile')} onFile={setCertificate} />
      <PemFile label={t('keyFile')} onFile={setKey} />
      <button type="submit" class="button" disabled={busy || !certificate || !key}>
        {t('replace')}
      </button>
      <span role="status">{shown !== '' && `${t('replaced')} ${shown}`}</span>
      <Problem text={problem} />
      <p class="form-hint form-whole">{t('replaceCertificateHint')}</p>
    </form>
  );
}

interface PemFileProps {
  readonly label: string;
  readonly onFile: (file: File | undefined) => void;
}

function PemFile({ label, onFile }: PemFileProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="file"
        accept=".pem,.crt,.cer,.key"
        onChange={({ currentTarget }) => onFile(currentTarget.files?.[0])}
      />
    </label>
  );
}
