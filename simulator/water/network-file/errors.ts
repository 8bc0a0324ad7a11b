import { defineErrors } from '../../../edge/core/errors.ts';

export const epanetErrors = defineErrors('EPANET', {
  FILE: {
    cause: 'The EPANET file of the water network has errors, or is no EPANET file.',
    retry: false,
    next: 'Correct the lines that the message names; EPANET itself opens the file when all of them are gone.',
  },
  SIZE: {
    cause: 'The EPANET file is larger than what is simulated, in bytes, nodes or links.',
    retry: false,
    next: 'Leave service connections out or cut the network into parts that are simulated one by one.',
  },
  UNSOLVED: {
    cause: 'The hydraulic equations of the water network have no solution that the engine finds.',
    retry: false,
    next: 'Run the file in EPANET and read its status report; look for closed valves that cut customers off, pumps beyond their curve and diameters in the wrong unit.',
  },
  UNSTABLE: {
    cause: 'The hydraulics of the simulated network do not settle at present: the engine gave up before its accuracy.',
    retry: true,
    next: 'The values of this moment are sent as bad. Raise Trials or Accuracy in [OPTIONS], or look for pumps and valves that fight each other.',
  },
});
