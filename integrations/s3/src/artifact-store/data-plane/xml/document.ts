/** Whether an answer is the document of the protocol that it should be: whole, and nothing else. */
import { strangeAnswer } from '@stack/object-http'
import { readErrorXml } from './flat-xml.js'

/** The roots of the documents that answers of success have. */
export type DocumentName =
  | 'ListBucketResult'
  | 'DeleteResult'
  | 'InitiateMultipartUploadResult'
  | 'CompleteMultipartUploadResult'
  | 'CopyObjectResult'
  | 'CopyPartResult'
  | 'ListMultipartUploadsResult'
  | 'ListPartsResult'

const beginning = /^\s*(?:<\?xml[^>]*\?>\s*)?<([A-Za-z]+)[\s/>]/

/**
 * Makes sure that a text is such a document from its first element to its last. An error document passes as well, and for
 * unfinished uploads the listing of objects with which a server answers that lists none.
 * @throws StackError `unavailable` with what came instead.
 */
export function checkDocument(xml: string, name: DocumentName): void {
  const [, root = ''] = beginning.exec(xml) ?? []
  if (root === 'Error' && readErrorXml(xml).Code !== undefined) return
  const expected = root === name || (name === 'ListMultipartUploadsResult' && root === 'ListBucketResult')
  if (expected && (xml.trimEnd().endsWith(`</${root}>`) || isEmptyElement(xml))) return
  throw strangeAnswer(`a whole ${name}`, xml)
}

/**
 * Makes sure that nothing came where nothing should.
 * @throws StackError `unavailable` with what came instead.
 */
export function checkEmpty(text: string): void {
  if (text.trim() !== '') throw strangeAnswer('nothing but its status', text)
}

function isEmptyElement(xml: string): boolean {
  return /^\s*(?:<\?xml[^>]*\?>\s*)?<[A-Za-z]+[^<>]*\/>\s*$/.test(xml)
}
