/** What a copy or a rename does, and what stands against it. */
import { StackError } from '../errors/stack-error.js'

/** From where to where, and whether what is there may be replaced. */
export interface Move {
  readonly from: string
  readonly to: string
  readonly overwrite: boolean
}

/** Refuses to copy or move something into itself. */
export function checkMove(move: Move): void {
  if (move.to.startsWith(`${move.from}/`)) throw new StackError('invalid-path', 'its target lies below itself')
}

/** The error for a directory that cannot be replaced. */
export function directoryNotEmpty({ to }: Move): StackError {
  return new StackError('directory-not-empty', `its target ${JSON.stringify(to)} is not empty`)
}
