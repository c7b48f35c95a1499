/** Compares what a document shows with what a command printed, leaving aside what differs from run to run. */

/** What is replaced, in this order. */
const variable: readonly (readonly [RegExp, string])[] = [
  [/[─│┌┐└┘├┤┬┴┼]+/g, ' '],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>'],
  [/\b\d{8}-\d{6}-[0-9a-f]{8}\b/g, '<id>'],
  [/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?/g, '<time>'],
  [/sha256:[0-9a-f]{64}/g, '<hash>'],
  [/"durationMs": [\d.]+/g, '"durationMs": <duration>'],
  [/\b\d+(\.\d+)? ?(ms|s|m)\b/g, '<duration>'],
  [/\s+/g, ' '],
]

/** The lines that say something, with ids, times, durations and the width of columns taken out. */
function normalise(lines: readonly string[], projectDirectory: string): string[] {
  return lines
    .map((line) => line.replaceAll(projectDirectory, '/home/you/project'))
    .map((line) => variable.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line).trim())
    .filter((line) => line !== '')
}

/** Whether the printed lines are those shown; a shown line `…` stands for any number of lines. */
export function showsOutput(shown: readonly string[], printed: readonly string[], projectDirectory: string): boolean {
  return matches(normalise(shown, projectDirectory), normalise(printed, projectDirectory))
}

function matches([expected, ...shown]: readonly string[], printed: readonly string[]): boolean {
  if (expected === undefined) return printed.length === 0
  if (expected === '…')
    return printed.some((_, skipped) => matches(shown, printed.slice(skipped))) || matches(shown, [])
  return expected === printed[0] && matches(shown, printed.slice(1))
}
