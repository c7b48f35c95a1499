/** The door of configs and settings: what keeps values from being checked, kept and shown at all. */
import { formatProblemPath, type Problem } from '../../errors/problem.js'
import { jsonFault } from '../../flavor/json-fault.js'

/** Arrays and objects inside each other. */
const depthLimit = 100

/** The first place of values that is nested too deeply, is a number that JSON has not, or is no JSON. */
export function valueFault(values: unknown): Problem | undefined {
  const fault = jsonFault(values, depthLimit)
  return fault && { path: formatProblemPath(fault.path), message: fault.message }
}
