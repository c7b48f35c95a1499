/** The `stack` program: hands over to the project's own copy of itself, or runs. */
import { findOwnProgram } from './program/hand-over.js'
import { refuseToRun, runProgram } from './program/run-program.js'

const argv = process.argv.slice(2)

function start(): Promise<unknown> {
  try {
    const own = findOwnProgram({ argv, cwd: process.cwd(), env: process.env })
    return own === undefined ? runProgram(argv) : import(own)
  } catch (error) {
    return refuseToRun(argv, error)
  }
}

void start()
