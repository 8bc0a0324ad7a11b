import { type Attachment, type DetectorContext, type OwnWatch, watchOver } from './detector.ts';
import { detectionErrors } from './errors.ts';

/** What of a detector's attachments can be watched, and what is said of those that cannot. */
interface Bindings<Bound> {
  readonly watched: readonly Bound[];
  readonly unwatched: readonly OwnWatch[];
}

/**
 * Joins each attachment with what it needs; one notice names those that lack a calibration.
 * @param bind what is watched, or what is said of an attachment that cannot be: `withoutRoles`, `withoutCalibration`
 * @param what is not watched without a calibration, in the plural
 * @param why it cannot be, where there is more to say
 */
export function bindEach<Bound extends { readonly attachment: Attachment }>(
  context: Pick<DetectorContext, 'notice'>,
  attachments: readonly Attachment[],
  bind: (attachment: Attachment) => Bound | OwnWatch,
  what: string,
  why = 'they have no calibration',
): Bindings<Bound> {
  const bound = attachments.map(bind);
  const unwatched = bound.filter((one): one is OwnWatch => !('attachment' in one));
  const names = unwatched.filter(({ reason }) => reason === 'calibration').map(({ asset, kind }) => `${asset}/${kind}`);
  if (names.length > 0) {
    const some = `${names.length} ${what} (${names.slice(0, 3).join(', ')} …)`;
    context.notice(detectionErrors.create('UNCALIBRATED', `watch ${some}: ${why}`));
  }
  return { watched: bound.filter((one): one is Bound => 'attachment' in one), unwatched };
}

/** Of a claim whose roles have no tag. @param kind where it is not the attachment's own */
export const withoutRoles = (attachment: Attachment, roles: readonly string[], kind = attachment.kind): OwnWatch =>
  watchOver(attachment, 'waiting', { kind, reason: 'role', roles });

/** Of a claim whose figures have to be learned from history. */
export const withoutCalibration = (attachment: Attachment, kind = attachment.kind): OwnWatch =>
  watchOver(attachment, 'waiting', { kind, reason: 'calibration' });

/** Those of the roles that have no tag. */
export const rolesWithoutTag = ({ asset }: Attachment, roles: readonly string[]): readonly string[] =>
  roles.filter((role) => asset.roles[role] === undefined);
