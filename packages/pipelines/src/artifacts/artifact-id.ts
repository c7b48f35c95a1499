/** Names of artifacts. */

/**
 * The id of an output of a run: `<run>.<invocation>.<output>`. It follows from what it names, so whoever records a commit,
 * and however often, records the same artifact.
 */
export function artifactId(run: string, invocation: string, output: string): string {
  return `${run}.${invocation}.${output}`
}

/** What versions are counted by: `<pipeline>/<invocation>/<output>`. */
export function artifactName(pipeline: string, invocation: string, output: string): string {
  return `${pipeline}/${invocation}/${output}`
}
