import { defineShownErrors } from '../../edge/core/errors.ts';

export const replayErrors = defineShownErrors('REPLAY', {
  ENDPOINT: {
    cause: 'The endpoint of a replayed device is not of the form file:PATH.',
    retry: false,
    next: 'Write file: and a CSV file or the folder of a recording, relative to gateway.yaml.',
    nextZh: '请写 file: 加上 CSV 文件或录制目录，路径相对于 gateway.yaml。',
  },
  FILE: {
    cause: 'The file to be played is not there, cannot be read, or has no header.',
    retry: true,
    next: 'Check the path (relative to gateway.yaml) and its permissions.',
    nextZh: '请检查路径（相对于 gateway.yaml）及其权限。',
  },
  COLUMN: {
    cause: 'The file to be played has no column for a point, or none for the time.',
    retry: false,
    next: 'Name the column in `node` of the point table (or in `time:` of the device) as it stands in the header of the file.',
    nextZh: '请按文件表头填写点表的 `node`（或设备的 `time:`）。',
  },
  OPTIONS: {
    cause: 'Keys of a replayed device contradict each other.',
    retry: false,
    next: 'Play at a finite speed where values are to be played again and again, or stamped with the time of playing.',
    nextZh: '需循环回放或按回放时刻标注时间时，请用有限的速度。',
  },
  RECORDING: {
    cause: 'A folder to be played is no recording, one of a newer version, or holds no such device.',
    retry: false,
    next: 'Make one with `lifeline record`; recording.json lists its devices.',
    nextZh: '请用 `lifeline record` 录制；`recording.json` 列有其中的设备。',
  },
  ROW: {
    cause: 'A row of a file that is played cannot be read, wholly or in part; the rest is played.',
    retry: false,
    next: 'Mend the place that is named, or leave it: such a value is bad, such a row left out.',
    nextZh: '请修改所指的位置，或不予处理：这样的值为坏值，这样的行被略过。',
  },
  CHANGED: {
    cause: 'A file of a recording is not as the recorder left it; what is readable was played.',
    retry: false,
    next: 'Take the recording from its source again.',
    nextZh: '请从来源重新取得该录制。',
  },
  ENDED: {
    cause: 'Everything that a file or recording holds has been played; its points have no values any more.',
    retry: false,
    next: 'Nothing need be done; `loop: true` plays it again and again.',
    nextZh: '无需处理；`loop: true` 可循环回放。',
  },
});
