/** The servers that tests run against: one in the process, and real ones where they are installed. */
export { describeOnServer } from './describe-on-server.js'
export { freePort } from './free-port.js'
export {
  type HostileAnswer,
  type HostileRequest,
  type HostileServer,
  hostileAnswers,
  startHostileServer,
  strangePages,
} from './hostile-server.js'
export { allVerbs, collect, describingVerbs, expectRefused, listingVerbs } from './hostile-verbs.js'
export { isInstalled } from './installed.js'
export type { RunningServer, ServerCredentials, ServerName } from './server.js'
export { startServer } from './start-server.js'
