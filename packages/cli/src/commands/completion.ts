/** `stack completion bash`. */
import { StackError } from '@stack/core'
import type { CommandDefinition } from '../program/command.js'
import { operand } from '../program/parsed-arguments.js'

/** Prints a script that completes commands, flags and names by asking the program itself. */
export const completion: CommandDefinition = {
  arguments: [{ name: 'SHELL', summary: 'bash' }],
  async run(parsed) {
    const shell = operand(parsed, 0)
    if (shell !== 'bash') {
      throw new StackError(
        'usage',
        `There is no completion for ${JSON.stringify(shell.slice(0, 100))}, only for bash.`,
        {
          hint: 'source <(stack completion bash)',
        },
      )
    }
    return { data: { shell, script: bash }, names: ['bash'], view: { kind: 'text', text: bash } }
  },
}

const bash = `# Completion of stack for bash. Load it with: source <(stack completion bash)
_stack_completion() {
  local word="\${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  while IFS= read -r line; do
    [[ "$line" == "$word"* ]] && COMPREPLY+=("$line")
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
}
complete -o default -F _stack_completion stack
`
