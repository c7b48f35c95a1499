/** Reads what the SDK would read without a bound, and has it parse only what it should be: as the data plane does. */
import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { answerLimits, answerTooLong } from '@stack/object-http'
import { checkDocument, checkEmpty, type DocumentName } from '../data-plane/xml/document.js'
import { readErrorXml } from '../data-plane/xml/flat-xml.js'
import { S3AnswerError } from '../failures/answer-error.js'

interface Expected {
  /** Nothing is expected of one that has none. */
  readonly name?: DocumentName
  readonly limit: number
}

const expectations: Readonly<Record<string, Expected>> = {
  ListObjectsV2Command: { name: 'ListBucketResult', limit: answerLimits.listing },
  DeleteObjectsCommand: { name: 'DeleteResult', limit: answerLimits.listing },
  ListMultipartUploadsCommand: { name: 'ListMultipartUploadsResult', limit: answerLimits.listing },
  ListPartsCommand: { name: 'ListPartsResult', limit: answerLimits.description },
  CreateMultipartUploadCommand: { name: 'InitiateMultipartUploadResult', limit: answerLimits.description },
  CompleteMultipartUploadCommand: { name: 'CompleteMultipartUploadResult', limit: answerLimits.description },
  CopyObjectCommand: { name: 'CopyObjectResult', limit: answerLimits.description },
  UploadPartCopyCommand: { name: 'CopyPartResult', limit: answerLimits.description },
}

interface SdkAnswer {
  readonly statusCode: number
  body?: unknown
}

/** Bounds every answer but the bytes of an object. */
export function boundAnswers(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (request) => {
        const result = await next(request)
        const answer = result.response as SdkAnswer
        const succeeded = answer.statusCode < 300
        if (succeeded && commandName === 'GetObjectCommand') return result
        const { name, limit } = (succeeded ? expectations[commandName] : undefined) ?? { limit: answerLimits.error }
        const bytes = await readBody(answer, limit)
        const text = bytes.toString('utf8')
        if (succeeded && name !== undefined) checkDocument(text, name)
        else if (succeeded) checkEmpty(text)
        // For the SDK it would be an absent object.
        else if (answer.statusCode === 404 && text.trim() !== '' && readErrorXml(text).Code === undefined) {
          throw new S3AnswerError({ status: 404, message: text, headers: {} })
        }
        answer.body = Readable.from(bytes.byteLength === 0 ? [] : [bytes])
        return result
      },
    // Next to what sends the request: before anything of the SDK's reads the body.
    { step: 'deserialize', priority: 'low', name: 'boundAnswers' },
  )
}

async function readBody({ statusCode, body }: SdkAnswer, limit: number): Promise<Buffer> {
  if (!isIterable(body)) return Buffer.from((body ?? '') as Uint8Array | string)
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the iteration ends the stream, and with it the connection.
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > limit) throw answerTooLong(statusCode, limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function isIterable(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}
