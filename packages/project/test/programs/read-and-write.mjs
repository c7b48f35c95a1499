/** Reads the project at argv[2], tries to write to it, and prints what came of it as JSON. */
import { openRecords } from './records.mjs'

const records = openRecords(process.argv[2])
const stacks = await records.listStacks()
const write = await records.updateStack(stacks[0], { expectedRevision: stacks[0].revision }).then(
  () => 'written',
  (error) => error.code,
)
console.log(JSON.stringify({ stacks: stacks.map((stack) => stack.name), write }))
