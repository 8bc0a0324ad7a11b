import { z } from 'zod';
import { expecting } from '../core/spec-text.ts';

const delayS = z.number().min(0).max(86_400).optional();

/** A limit that an asset has of its own. */
export const siteLimit = z
  .strictObject({
    above: z.number().optional().describe('Upper figure, where the limit of the pack has one.'),
    below: z.number().optional().describe('Lower figure, where the limit of the pack has one.'),
    unit: z
      .string()
      .min(1)
      .optional()
      .describe('Unit of the figures and the hysteresis; that of the role when left out.'),
    onDelayS: delayS.describe('Seconds that it must last before it counts.'),
    offDelayS: delayS.describe('Seconds that it must be gone before it clears.'),
    hysteresis: z.number().min(0).optional().describe('How far the value must come back.'),
    reason: z
      .string()
      .min(8, expecting('expected a reason of 8 characters or more', '理由至少 8 个字符'))
      .max(200)
      .optional()
      .describe('Why; needed where a limit of safety is set less strictly than its standard.'),
  })
  .refine(
    ({ unit: _unit, reason: _reason, ...figures }) => Object.values(figures).some((figure) => figure !== undefined),
    expecting(
      'expected one of above, below, onDelayS, offDelayS, hysteresis',
      '应至少有 above、below、onDelayS、offDelayS、hysteresis 之一',
    ),
  );
