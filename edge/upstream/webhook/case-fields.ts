/** Fields that a mapping may put into the body of a case. */
export const caseFields = [
  ...(['id', 'case', 'action', 'type', 'gateway', 'asset', 'assetName', 'utility', 'kind'] as const),
  ...(['classCode', 'className', 'riskLevel', 'riskCode', 'riskName', 'priority', 'safety', 'state'] as const),
  ...(['message', 'cause', 'response', 'value', 'limit', 'unit', 'occurredAt', 'reportedAt', 'clearedAt'] as const),
  ...(['grid', 'districtCode', 'district', 'streetCode', 'street', 'communityCode', 'community'] as const),
  ...(['x', 'y', 'coordinates', 'mapLongitude', 'mapLatitude'] as const),
  ...(['incident', 'stage', 'by', 'crew', 'note', 'step'] as const),
  ...(['responsibleCode', 'responsibleName', 'reporter', 'reporterPhone', 'emergency'] as const),
] as const;

export type CaseField = (typeof caseFields)[number];
/** A field's value; null where there is none. */
export type CaseValues = Readonly<Record<CaseField, string | number | boolean | null | readonly string[]>>;
