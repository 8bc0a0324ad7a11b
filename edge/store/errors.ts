import { defineErrors } from '../core/errors.ts';

export const storeErrors = defineErrors('STORE', {
  'IN-USE': {
    cause: 'Another gateway process works on the same data folder and holds its journal.',
    retry: true,
    next: 'Stop the other process, or give this one its own folder with --data.',
    nextZh: '请停止另一进程，或用 --data 给本进程另设目录。',
  },
  NEWER: {
    cause: 'The data folder was written by a newer version of Lifeline.',
    retry: false,
    next: 'Run that version or a newer one, or restore a backup made with this version.',
    nextZh: '请运行该版本或更新的版本，或恢复由本版本所做的备份。',
  },
  OPEN: {
    cause: 'The data folder cannot be created or written.',
    retry: true,
    next: 'Check the path, owner and free space of the data folder.',
    nextZh: '请检查数据目录的路径、属主和剩余空间。',
  },
  'SET-ASIDE': {
    cause: 'A database in the data folder is damaged or belongs to something else; it was kept beside a new one.',
    retry: false,
    next: 'Keep the .broken file for analysis, check the disk (smartctl, dmesg), and delete it when no longer needed.',
    nextZh: '请保留 .broken 文件以备分析，检查磁盘（`smartctl`、`dmesg`），不再需要时删除。',
  },
  'RECORD-DAMAGED': {
    cause: 'A stored record does not match its checksum; it was skipped.',
    retry: false,
    next: 'Check the disk (smartctl, dmesg) and compare with the centre, which may have received the record earlier.',
    nextZh: '请检查磁盘（`smartctl`、`dmesg`），并与中心核对：它可能此前已收到该记录。',
  },
  'JOURNAL-WRITE': {
    cause: 'The disk did not take the record, so it is neither acknowledged nor sent.',
    retry: true,
    next: 'Free space on the data folder or replace the disk; the next record is tried afresh.',
    nextZh: '请为数据目录腾出空间或更换磁盘；下一条记录会重新尝试。',
  },
  'JOURNAL-READ': {
    cause: 'The journal cannot be read.',
    retry: true,
    next: 'Check the disk of the data folder (smartctl, dmesg).',
    nextZh: '请检查数据目录所在的磁盘（`smartctl`、`dmesg`）。',
  },
  'JOURNAL-FULL': {
    cause: 'More records wait for the disk than the limit allows.',
    retry: true,
    next: 'Look for a slow or failing disk under the data folder.',
    nextZh: '请检查数据目录所在的磁盘是否过慢或将坏。',
  },
  'HISTORY-WRITE': {
    cause: 'The disk did not take telemetry; it is kept in memory up to a limit and tried again.',
    retry: true,
    next: 'Free space on the data folder or replace the disk.',
    nextZh: '请为数据目录腾出空间或更换磁盘。',
  },
  'HISTORY-BEHIND': {
    cause: 'The disk takes telemetry more slowly than it comes; what waited longest was given up and counted.',
    retry: true,
    next: 'Put the data folder on a faster disk, or read fewer points or less often.',
    nextZh: '请把数据目录放到更快的磁盘上，或减少测点、放慢读取。',
  },
  BUSY: {
    cause: 'A database is written to so much that no moment was found in which it stood still for a copy.',
    retry: true,
    next: 'Try again when less is written, or stop the gateway for the time of the copy.',
    nextZh: '请在写入较少时再试，或在复制期间停止网关。',
  },
  ARCHIVE: {
    cause: 'The archive is damaged, or was not made by `lifeline backup`.',
    retry: false,
    next: 'Fetch the file again from where it is kept, or take another backup.',
    nextZh: '请从存放处重新取得该文件，或另做一次备份。',
  },
  AUDIT: {
    cause: 'The disk did not take an entry of the audit log.',
    retry: true,
    next: 'Free space on the data folder or replace the disk; what was done stands, and is in the log of the gateway.',
    nextZh: '请为数据目录腾出空间或更换磁盘；已做的操作有效，并记在网关日志中。',
  },
  CLOSED: {
    cause: 'The store was closed before the request came.',
    retry: false,
    next: 'Nothing: this happens while the gateway stops.',
    nextZh: '无需处理：网关停止时会如此。',
  },
});
