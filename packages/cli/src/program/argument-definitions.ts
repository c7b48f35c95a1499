/** What a command takes, as help, completion and the parser read it. */

/** An operand of a command. */
export interface ArgumentDefinition {
  readonly name: string
  readonly summary: string
  readonly optional?: boolean
  /** Takes all that follow; the last operand only. */
  readonly repeated?: boolean
}

/** A flag of the program itself; the fields of a flavor are FieldFlags. */
export interface OptionDefinition {
  readonly name: string
  readonly short?: string
  /** What its value is called in help; absent for a flag that is on or off. */
  readonly value?: string
  readonly summary: string
}
