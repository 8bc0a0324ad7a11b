import { useEffect, useState } from 'preact/hooks';
import { type EnquiryAnswer, maxNodesTold, type ToldNode } from '../../../../core/enquiry.ts';
import { askDevice } from '../feed.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { Problem } from './problem.tsx';

type Answer = Extract<EnquiryAnswer, { kind: 'nodes' }>;
type Step = Pick<ToldNode, 'node' | 'name'>;

/** Folder of everything that a server has (Part 5, 8.2.4). */
const top: Step = { node: 'i=85', name: 'Objects' };

/** Goes through the nodes of an OPC UA server, level by level. */
export function NodeBrowser({ device }: { device: string }) {
  const [path, setPath] = useState<readonly Step[]>([top]);
  const [answer, setAnswer] = useState<Answer>();
  const { busy, problem, run } = useAction();
  const here = path.at(-1) ?? top;
  useEffect(() => {
    setAnswer(undefined);
    void run(async () => {
      const told = await askDevice(device, { kind: 'nodes', node: here.node });
      if (told.kind === 'nodes') setAnswer(told);
    });
  }, [device, here.node]);
  return (
    <>
      <nav class="form-line" aria-label={t('nodePath')}>
        {path.map((step, index) => (
          <button
            key={step.node}
            type="button"
            class="button"
            disabled={busy}
            aria-current={step === here ? 'location' : undefined}
            onClick={() => setPath(path.slice(0, index + 1))}
          >
            {step.name}
          </button>
        ))}
        <code>{here.node}</code>
        <Problem text={problem} />
      </nav>
      {answer && <Nodes answer={answer} onOpen={(node) => setPath([...path, node])} />}
    </>
  );
}

interface NodesProps {
  readonly answer: Answer;
  readonly onOpen: (node: Step) => void;
}

function Nodes({ answer: { nodes, cut }, onOpen }: NodesProps) {
  if (nodes.length === 0) return <p class="empty-line">{t('noNodes')}</p>;
  return (
    <>
      <table class="table node-table">
        <thead>
          <tr>
            <th scope="col">{t('nodeName')}</th>
            <th scope="col">{t('readingType')}</th>
            <th scope="col" class="numeric">
              {t('value')}
            </th>
            <th scope="col">{t('quality')}</th>
            <th scope="col">{t('nodeId')}</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((one) => (
            <tr key={one.node}>
              <th scope="row">
                <button type="button" class="button" onClick={() => onOpen(one)}>
                  {one.name}
                </button>
                {one.description !== '' && <span class="asset-id">{one.description}</span>}
              </th>
              <td>{one.type === '' ? one.class : one.type}</td>
              <td class="numeric">
                {one.value} <span class="unit">{one.unit}</span>
              </td>
              <td>{one.quality}</td>
              <td>
                <code>{one.node}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {cut && (
        <p class="panel-line">
          {t('nodesCut')} {maxNodesTold}
        </p>
      )}
    </>
  );
}
