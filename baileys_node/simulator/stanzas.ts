/** Small tools for WhatsApp's binary XML. */

import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, S_WHATSAPP_NET } from '@whiskeysockets/baileys'

export type Content = BinaryNode['content']

export function node(tag: string, attrs: Record<string, string> = {}, content?: Content): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}

/** The answer to a query. */
export function result(query: BinaryNode, content?: Content): BinaryNode {
  return node('iq', { from: S_WHATSAPP_NET, type: 'result', id: query.attrs['id'] ?? '' }, content)
}

/** The refusal of a query. */
export function refusal(query: BinaryNode, code: number, text: string): BinaryNode {
  const attrs = { from: S_WHATSAPP_NET, type: 'error', id: query.attrs['id'] ?? '' }
  return node('iq', attrs, [node('error', { code: String(code), text })])
}

export function child(parent: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return getBinaryNodeChild(parent, tag)
}

export function children(parent: BinaryNode | undefined, tag: string): BinaryNode[] {
  return getBinaryNodeChildren(parent, tag)
}

/** The first child, whatever it is. */
export function first(parent: BinaryNode): BinaryNode | undefined {
  return Array.isArray(parent.content) ? parent.content[0] : undefined
}

/** The bytes inside a child, or undefined. */
export function bytes(parent: BinaryNode | undefined, tag: string): Buffer | undefined {
  const content = child(parent, tag)?.content
  if (typeof content === 'string') return Buffer.from(content)
  return content instanceof Uint8Array ? Buffer.from(content) : undefined
}

/** A number of up to 4 bytes, big-endian. */
export function number(data: Buffer | undefined): number | undefined {
  return data && data.length > 0 && data.length <= 4 ? data.readUIntBE(0, data.length) : undefined
}

/** Seconds since 1970, as stanzas tell time. */
export function now(): string {
  return String(Math.floor(Date.now() / 1000))
}
