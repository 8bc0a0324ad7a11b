import { useState } from 'preact/hooks';
import { unitSign } from '../../../../core/unit-sign.ts';
import { constantText } from '../format.ts';
import { t } from '../language.ts';
import type { City, OutputView, TagView } from '../model.ts';
import { statesOf } from '../output-values.ts';
import { nameOf } from '../point-name.ts';
import { readingOf } from '../reading.ts';
import { href } from '../routes.ts';
import { may } from '../session.ts';
import { OutputForm } from './output-form.tsx';
import { Age, Amount, QualityMark } from './value.tsx';

interface OutputListProps {
  readonly city: City;
  /** Indexes of the tags that the page is about. */
  readonly tags: readonly number[];
  /** Whose page it is, where it is an asset's: its name is not said again. */
  readonly asset?: string;
}

/** What of a page's points may be set: what stands, what is allowed, and the way to set it. For the role that may, where anybody may. */
export function OutputList({ city, tags, asset = '' }: OutputListProps) {
  const least = city.view.writes?.least;
  const outputs = tags.flatMap((tag) => city.outputs.get(tag) ?? []);
  if (!least || !may(least) || outputs.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="outputs-title">
      <div class="panel-head">
        <h2 id="outputs-title">{t('outputs')}</h2>
        <span class="panel-note">{t('outputsHint')}</span>
      </div>
      <table class="table output-table">
        <thead>
          <tr>
            <th scope="col">{t('quantity')}</th>
            <th scope="col" class="numeric">
              {t('latest')}
            </th>
            <th scope="col">{t('quality')}</th>
            <th scope="col" class="numeric">
              {t('age')}
            </th>
            <th scope="col">{t('allowed')}</th>
            <th scope="col">{t('acts')}</th>
          </tr>
        </thead>
        <tbody>
          {outputs.map((output) => {
            const tag = city.view.tags[output.tag ?? -1];
            return tag && <OutputRow key={tag.name} {...{ city, output, tag, asset }} />;
          })}
        </tbody>
      </table>
    </section>
  );
}

/** States by their names; else the range. */
function Allowed({ output, tag }: { output: OutputView; tag: TagView }) {
  const states = statesOf(output, tag);
  if (states.length > 0) return <>{states.map(([, word]) => word).join(' / ')}</>;
  return (
    <>
      {constantText(output.low)} – {constantText(output.high)} <span class="unit">{unitSign(tag.unit)}</span>
      {output.whole && <span class="asset-id">{t('wholeOnly')}</span>}
    </>
  );
}

interface OutputRowProps {
  readonly city: City;
  readonly output: OutputView;
  readonly tag: TagView;
  readonly asset: string;
}

function OutputRow({ city, output, tag, asset }: OutputRowProps) {
  const [open, setOpen] = useState(false);
  const reading = readingOf(output.tag ?? -1, tag);
  const name = nameOf(city, tag.name, asset);
  return (
    <>
      <tr>
        <th scope="row">
          <a href={href('trend', tag.name)}>{name}</a>
          <span class="asset-id">{tag.name}</span>
        </th>
        <td class="numeric">
          <Amount reading={reading} size="large" />
        </td>
        <td>
          <QualityMark reading={reading} words />
        </td>
        <td class="numeric">
          <Age reading={reading} />
        </td>
        <td>
          <Allowed output={output} tag={tag} />
        </td>
        <td>
          <button
            type="button"
            class="button"
            aria-expanded={open}
            aria-label={`${t('setOutput')}: ${name}`}
            onClick={() => setOpen(!open)}
          >
            {t('setOutput')}
          </button>
        </td>
      </tr>
      {open && (
        <tr class="output-form-row">
          <td colSpan={6}>
            <OutputForm {...{ output, tag, name, reading }} />
          </td>
        </tr>
      )}
    </>
  );
}
