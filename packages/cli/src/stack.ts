/** The `stack` program: hands over to the project's own copy of itself, or runs. */
import { findOwnProgram } from './program/hand-over.js'
import { runProgram } from './program/run-program.js'

const argv = process.argv.slice(2)
const own = findOwnProgram({ argv, cwd: process.cwd(), env: process.env })
if (own === undefined) void runProgram(argv)
else void import(own)
