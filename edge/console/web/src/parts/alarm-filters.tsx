import type { AlarmFilter } from '../../../alarm-wire.ts';
import { say, t } from '../language.ts';
import type { City } from '../model.ts';
import { priorities } from '../situation.ts';
import { Choice } from './choice.tsx';

export const everything: AlarmFilter = { utility: '', priority: '', asset: '', words: '', unacknowledged: false };

interface AlarmFiltersProps {
  readonly city: City;
  readonly filter: AlarmFilter;
  readonly onChange: (filter: AlarmFilter) => void;
}

export function AlarmFilters({ city, filter, onChange }: AlarmFiltersProps) {
  return (
    <search class="alarm-filters">
      <input
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        maxLength={200}
        value={filter.words}
        onInput={({ currentTarget }) => onChange({ ...filter, words: currentTarget.value })}
      />
      <Choice
        label={t('utility')}
        value={filter.utility}
        onChoose={(utility) => onChange({ ...filter, utility })}
        all={t('allUtilities')}
      >
        {city.view.utilities.map(({ id, name }) => [id, say(name)])}
      </Choice>
      <Choice
        label={t('priority')}
        value={filter.priority}
        onChoose={(priority) => onChange({ ...filter, priority: priority as AlarmFilter['priority'] })}
        all={t('allPriorities')}
      >
        {priorities.map((priority) => [priority, t(priority)])}
      </Choice>
      <label>
        <input
          type="checkbox"
          checked={filter.unacknowledged}
          onChange={() => onChange({ ...filter, unacknowledged: !filter.unacknowledged })}
        />
        {t('onlyUnacknowledged')}
      </label>
    </search>
  );
}
