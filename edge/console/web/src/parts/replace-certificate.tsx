import { useState } from 'preact/hooks';
import { postJson } from '../feed.ts';
import { t } from '../language.ts';
import { ownName } from '../operator.ts';
import { useAction } from '../use-action.ts';
import { PemFile } from './pem-file.tsx';
import { Problem } from './problem.tsx';
import { SureButton } from './sure-button.tsx';

interface ReplaceCertificateProps {
  /** Whether the one that is shown was brought, and there is a way back. */
  readonly restorable: boolean;
  readonly onReplaced: () => void;
}

interface Shown {
  readonly fingerprint: string;
}

/** Gives the console another certificate from two files of the reader's own, or its self-signed one again. For owners. */
export function ReplaceCertificate({ restorable, onReplaced }: ReplaceCertificateProps) {
  const [certificate, setCertificate] = useState<File>();
  const [key, setKey] = useState<File>();
  const [shown, setShown] = useState('');
  const { busy, problem, run } = useAction();
  const change = async (to: () => Promise<Shown>) => {
    setShown('');
    const done = await run(async () => setShown((await to()).fingerprint));
    if (done) onReplaced();
  };
  const restore = () => change(() => postJson<Shown>('/api/console-certificate-restore', { by: ownName() }));
  const replace = () =>
    change(async () => {
      const [own, secret] = [await certificate?.text(), await key?.text()];
      const pair = { certificate: own, key: secret, by: ownName() };
      return postJson<Shown>('/api/console-certificate', pair);
    });
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
      {restorable && (
        <SureButton
          {...{ name: t('restore'), of: t('use-console'), question: t('restoreQuestion'), disabled: busy }}
          onSure={() => void restore()}
        />
      )}
      <span role="status">{shown !== '' && `${t('replaced')} ${shown}`}</span>
      <Problem text={problem} />
      <p class="form-hint form-whole">{t('replaceCertificateHint')}</p>
    </form>
  );
}
