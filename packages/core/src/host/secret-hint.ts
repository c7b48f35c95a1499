/** What to do about plain text in a secret field. */

/** The ways out of `secret-plain-text`. */
export const secretPlainTextHint =
  "Put the value into an environment variable and refer to it: '{{env:NAME}}'. A named secret is referred to as '{{name.key}}'."
