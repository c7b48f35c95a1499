/** What tests of other users' files share. */
export { giveTo, stranger, strangers } from './foreign-owner.js'
