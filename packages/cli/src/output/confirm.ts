/** A question before something is deleted: asked on a terminal only, never in a pipe or in CI. */
import { createInterface } from 'node:readline/promises'
import { StackError } from '@stack/core'
import { sanitizeLine } from '@stack/core/host'
import type { CommandContext } from '../program/command-context.js'
import { hasOption, type ParsedArguments } from '../program/parsed-arguments.js'

/**
 * Asks, unless `--yes` was given or nobody can answer.
 * @throws StackError `interrupted` where the answer is not yes.
 */
export async function confirm(question: string, parsed: ParsedArguments, context: CommandContext): Promise<void> {
  if (hasOption(parsed, 'yes') || !context.terminal.canAsk) return
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await lines.question(`${sanitizeLine(question)} [y/N] `)
    if (/^y(es)?$/i.test(answer.trim())) return
  } finally {
    lines.close()
  }
  throw new StackError('interrupted', 'Nothing was changed.', { hint: `Answer "y", or give --yes.` })
}
