import { useState } from 'preact/hooks';
import type { FirstUpstream } from '../../../first-start-api.ts';
import { tryUpstream } from '../configuration-feed.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { Field } from './field.tsx';
import { PemFile } from './pem-file.tsx';
import { Problem } from './problem.tsx';

export const noUpstream: FirstUpstream = { url: '', user: '', password: '', ca: '' };

interface FirstUpstreamFieldsProps {
  /** Undefined for later. */
  readonly upstream: FirstUpstream | undefined;
  /** Under which name the gateway goes there. */
  readonly gateway: string;
  readonly onUpstream: (upstream: FirstUpstream | undefined) => void;
}

/** Where alarms and values go: a broker that is tried before anything is written, or later. */
export function FirstUpstreamFields({ upstream, gateway, onUpstream }: FirstUpstreamFieldsProps) {
  return (
    <fieldset class="form-line" aria-label={t('upstream')}>
      <label class="field">
        <span>{t('upstream')}</span>
        <select
          value={upstream ? 'mqtt' : 'later'}
          onChange={({ currentTarget }) => onUpstream(currentTarget.value === 'mqtt' ? noUpstream : undefined)}
        >
          <option value="later">{t('upstreamLater')}</option>
          <option value="mqtt">{t('upstreamMqtt')}</option>
        </select>
      </label>
      {upstream && <Broker {...{ upstream, gateway, onUpstream }} />}
    </fieldset>
  );
}

function Broker({
  upstream,
  gateway,
  onUpstream,
}: FirstUpstreamFieldsProps & Readonly<Record<'upstream', FirstUpstream>>) {
  const { url, user, password } = upstream;
  const [answers, setAnswers] = useState(false);
  const { busy, problem, run } = useAction();
  const change = (next: Partial<FirstUpstream>) => {
    setAnswers(false);
    onUpstream({ ...upstream, ...next });
  };
  const isEncrypted = /^mqtts:/i.test(url);
  const look = async () => {
    setAnswers(false);
    setAnswers(await run(() => tryUpstream(upstream, gateway)));
  };
  return (
    <>
      <Field label={t('brokerAddress')} value={url} onValue={(text) => change({ url: text })} />
      <Field label={t('brokerUser')} value={user} onValue={(text) => change({ user: text })} optional />
      <Field
        label={t('brokerPassword')}
        value={password}
        onValue={(text) => change({ password: text })}
        type="password"
        fill="new-password"
        optional
      />
      {isEncrypted && (
        <PemFile
          label={t('brokerCa')}
          onFile={(file) => void run(async () => change({ ca: (await file?.text()) ?? '' }))}
        />
      )}
      <button type="button" class="button" disabled={busy || url === ''} onClick={() => void look()}>
        {t('tryUpstream')}
      </button>
      <span role="status">{answers && t('brokerAnswers')}</span>
      <Problem text={problem} />
      {url !== '' && !isEncrypted && <p class="form-hint form-whole">{t('brokerOpen')}</p>}
    </>
  );
}
