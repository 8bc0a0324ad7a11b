import type { SiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import type { LeftOut } from './asset-history.ts';

const percent = (share: unknown): string => `${(100 * Number(share)).toPrecision(2)} %`;

/** The model card (Mitchell et al. 2019) of a trained model, for people: Markdown. */
export function modelCard(manifest: SiteManifest, leftOut: readonly LeftOut[]): string {
  const { kind, training, heldOut, inputs, limit, stepS, smoothing, modes } = manifest;
  const shares = heldOut['shareAbove'] as Readonly<Record<string, number>>;
  const roles = inputs.filter(({ role, lag }) => role !== '' && lag === 0);
  const rows: readonly (readonly [string, string])[] = [
    ['what it is', whatItIs(manifest)],
    ['inputs', roles.map(({ role, unit }) => (unit === '' ? role : `${role} (${unit})`)).join(', ')],
    ...(modes ? [['modes', modesIn(modes)] as const] : []),
    ['left out', leftOut.map(({ role, why }) => `${role} (${why})`).join(', ') || 'nothing'],
    ['asked', `every ${stepS} s, with the newest values`],
    [
      'output',
      `squared prediction error (SPE), 1 being what every other normal row passes${kind === 'linear' ? '' : ', or an error of a fifth of a deviation'}; smoothed with weight ${smoothing}; ${kind === 'linear' ? 'T² and contributions' : 'contributions'} beside it`,
    ],
    [
      'trained on',
      `${training['rows']} rows from ${training['first']} to ${training['last']} of ${training['from']}; data ${String(training['dataSha256']).slice(0, 12)}…, seed ${training['seed']}`,
    ],
    [
      'limit',
      `${limit.value}: chance ${limit.alpha} for a normal row, from ${heldOut['limitRows']} held-out rows with a Pareto tail; ${heldOut['anomalousRows']} more were taken for anomalies`,
    ],
    [
      'on the newest fifth',
      `${heldOut['verifyRows']} rows never used: ${percent(shares['nominal 0.01'])} above the 1 % limit, ${percent(shares['nominal 0.001'])} above the 0.1 % limit, ${percent(heldOut['shareAboveLimit'])} above the alarm limit`,
    ],
    [
      'outside its envelope',
      `no verdict: more than half of the signals beyond their trained range${modes ? ', or a mode that is not among those above,' : ''} is out of model, not an anomaly`,
    ],
    ['not for', 'safety limits, which stay independent; leaks so slow that they are part of the training'],
  ];
  return [
    `# Model \`${manifest.id}\`, version ${manifest.version}`,
    '',
    `Learned model of ${manifest.assetType} \`${manifest.asset}\`.`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, text]) => `| ${name} | ${text} |`),
    '',
  ].join('\n');
}

function whatItIs({ kind, training, contributors, modes, assetType }: SiteManifest): string {
  if (kind === 'autoencoder')
    return `the autoencoder of ${assetType}, learnt over ${training['assets']} of them, ${(training['layers'] as readonly number[]).join('-')}, with the normalisation of this one; the daily course is taken off before`;
  const each = modes ? `a model for each of ${modes.known.length} operating modes: ` : '';
  return `${each}principal components of ${contributors.length} signals with ${training['lags']} earlier values each, ${training['components']} kept; the daily course is taken off before`;
}

function modesIn({ roles, by, known, settleSteps }: NonNullable<SiteManifest['modes']>): string {
  const names = by === 'combination' ? roles : [`sum of ${roles.join(' + ')}`];
  const modes = known.map((key) => names.map((name, at) => `${name} = ${key[at]}`).join(', '));
  return `${modes.join('; ')}; no verdict until states have stood for ${settleSteps} rows`;
}
