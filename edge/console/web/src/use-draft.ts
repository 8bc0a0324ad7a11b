import { useEffect, useState } from 'preact/hooks';
import { realClock } from '../../../core/clock.ts';
import type {
  ConfigurationDraft,
  ConfigurationOutcome,
  ConfigurationTable,
  ConfigurationVerdict,
  ConfigurationView,
} from '../../configuration-api.ts';
import { applyDraft, checkDraft, readConfiguration } from './configuration-feed.ts';

/** A draft is judged this long after the last key. */
const quietMs = 400;
const clock = realClock();
const sound: ConfigurationVerdict = { errors: [], warnings: [], changes: [], tables: [] };

type Conflict = Extract<ConfigurationOutcome, { readonly result: 'conflict' }>;

/** The configuration as it is being edited: what it was made from, what is wrong with it, what came of applying it. */
export function useDraft() {
  const [base, setBase] = useState<ConfigurationView>();
  const [draft, setDraft] = useState<ConfigurationDraft>();
  const [judged, setJudged] = useState<{ readonly of: ConfigurationDraft; readonly verdict: ConfigurationVerdict }>();
  const [conflict, setConflict] = useState<Conflict>();
  const [applied, setApplied] = useState<Extract<ConfigurationOutcome, { readonly result: 'applied' }>>();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const adopt = (view: ConfigurationView, kept: ConfigurationDraft = view) => {
    setBase(view);
    setDraft(kept);
    setConflict(undefined);
  };
  const failed = (error: Error) => setProblem(error.message);
  const read = () => readConfiguration().then((view) => adopt(view), failed);
  useEffect(() => void read(), []);
  useEffect(() => {
    if (!draft) return;
    let current = true;
    const timer = clock.after(quietMs, () => {
      checkDraft(draft).then((verdict) => {
        if (!current) return;
        setJudged({ of: draft, verdict });
        setProblem('');
      }, failed);
    });
    return () => {
      current = false;
      timer.cancel();
    };
    // judged anew against another base, too
  }, [draft, base]);

  async function apply(): Promise<void> {
    if (!base || !draft) return;
    setBusy(true);
    setProblem('');
    try {
      const outcome = await applyDraft(draft, base.hash);
      if (outcome.result === 'conflict') setConflict(outcome);
      else if (outcome.result === 'refused') setJudged({ of: draft, verdict: { ...sound, ...outcome } });
      else {
        setApplied(outcome);
        await read();
      }
    } catch (error) {
      failed(error as Error);
    }
    setBusy(false);
  }

  return {
    ...{ base, draft, conflict, applied, problem, busy, apply, read, adopt },
    verdict: judged?.verdict ?? sound,
    /** Whether the verdict is of the draft as it stands. */
    isJudged: judged !== undefined && judged.of === draft,
    change: (next: ConfigurationDraft) => {
      setDraft(next);
      setApplied(undefined);
    },
  };
}

export type Draft = ReturnType<typeof useDraft>;

/** A draft on top of what somebody else has put in force meanwhile: theirs where the draft changed nothing, file by file. */
export function onTopOf(
  current: ConfigurationView,
  base: ConfigurationView,
  draft: ConfigurationDraft,
): ConfigurationDraft {
  const cellsIn = ({ tables }: ConfigurationDraft, path: string) =>
    JSON.stringify(tables.find((table) => table.path === path)?.cells);
  const isOwn = ({ path }: ConfigurationTable) => cellsIn(draft, path) !== cellsIn(base, path);
  const own = draft.tables.filter(isOwn);
  const theirs = current.tables.filter(({ path }) => !own.some((table) => table.path === path));
  return { yaml: draft.yaml === base.yaml ? current.yaml : draft.yaml, tables: [...theirs, ...own] };
}
