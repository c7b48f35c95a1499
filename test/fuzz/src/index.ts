/** What the fuzzers of doors share. A door is a place where something from outside comes in: a store, a process, a cache, a server, a database. */
export { damagedBytes } from './damaged-bytes.js'
export { damagedJson, strangeValue } from './damaged-json.js'
export { describeDoor } from './describe-door.js'
export { hostileText } from './hostile-text.js'
