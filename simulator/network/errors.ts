import { defineErrors } from '../../edge/core/errors.ts';

export const networkErrors = defineErrors('NETWORK', {
  SYNTAX: { cause: 'The file is not JSON.', retry: false, next: 'Mend the place that is named.' },
  NODE: {
    cause: 'A link, a fixed pressure or a flow names a node that the network does not have.',
    retry: false,
    next: 'Use the id of a node under "nodes".',
  },
  DUPLICATE: {
    cause: 'Two entries of one list have the same id.',
    retry: false,
    next: 'Give each its own id.',
  },
  LOOP: {
    cause: 'A link begins and ends at the same node.',
    retry: false,
    next: 'Give the link the node at its other end.',
  },
  FIGURE: {
    cause: 'A figure contradicts another or is outside what its formula can take.',
    retry: false,
    next: 'Check the figure and its unit, which stands in its name.',
  },
  UNFED: {
    cause: 'No node has a fixed pressure, so that pressures are not determined.',
    retry: false,
    next: 'Give the pressure of at least one source under "fixed".',
  },
  CONFLICT: {
    cause: 'Two parts want to hold the pressure of the same node.',
    retry: false,
    next: 'Let one regulator or fixed pressure hold each node; a short pipe between two nodes tells them apart.',
  },
  CIRCLE: {
    cause: 'Regulators feed each other in a circle, so that no pressure is the first.',
    retry: false,
    next: 'Take one of the regulators out, or fix a pressure between them.',
  },
  REVERSED: {
    cause: 'More is fed in behind a regulator than is taken out there, and it cannot go back through the regulator.',
    retry: false,
    next: 'Feed in less behind the regulator, or fix a pressure there.',
  },
  VAGUE: {
    cause:
      'A part of the network is fed only from behind a regulator that it feeds itself, or a figure is beyond all measure.',
    retry: false,
    next: 'Check the direction of the regulators around the node that is named.',
  },
  VACUUM: {
    cause: 'The flows are larger than the network can carry: the gas would need less than no pressure at its end.',
    retry: false,
    next: 'Check the flow taken out there, and lengths, diameters and pressures of the way to it.',
  },
  DIVERGED: {
    cause: 'The equations were not satisfied within the rounds that are allowed.',
    retry: false,
    next: 'Look for a figure that is far off (diameter, length, flow) near the place that is named.',
  },
  TEMPERATURE: {
    cause: 'A circuit exchanges no heat and nothing of a known temperature flows into it.',
    retry: false,
    next: 'Give a pipe of the circuit a heat transfer, or let something flow in.',
  },
});
