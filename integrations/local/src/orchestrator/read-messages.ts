/** The messages that a child process sends over a channel of its own: JSON, one value a line. */

/** The longest message, in bytes; the longest line of a log is shorter. */
const maximumBytes = 1024 * 1024

const newline = 0x0a

/**
 * The messages of a channel, in order, read no faster than they are taken. A line that is no JSON, or too long, is left out:
 * the process may send whatever it likes.
 */
export async function* readMessages(channel: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  let pieces: Uint8Array[] = []
  let length = 0
  for await (const chunk of channel) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      length += end - start
      if (length <= maximumBytes) {
        pieces.push(chunk.subarray(start, end))
        const message = parseMessage(pieces)
        if (message !== undefined) yield message
      }
      pieces = []
      length = 0
      start = end + 1
    }
    length += chunk.length - start
    // Of a message that is too long nothing is kept but its length.
    if (length > maximumBytes) pieces = []
    else if (start < chunk.length) pieces.push(chunk.subarray(start))
  }
}

/** JSON has no `undefined`, which stands for what is none. */
function parseMessage(pieces: readonly Uint8Array[]): unknown {
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch {
    return undefined
  }
}
