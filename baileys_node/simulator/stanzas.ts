/** Reading and writing WhatsApp's binary stanzas. Reading is strict: what is missing or misshapen throws StanzaError. */

import type { BinaryNode } from '@whiskeysockets/baileys'

export const SERVER = '@s.whatsapp.net'
export const BAD_REQUEST = 400
export const NOT_FOUND = 404

/** The stanza is refused with `code`. */
export class StanzaError extends Error {
  readonly code: number

  constructor(code: number, text: string) {
    super(text)
    this.code = code
  }
}

export function node(tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}

export function children(parent: BinaryNode | undefined, tag?: string): BinaryNode[] {
  if (!parent || !Array.isArray(parent.content)) return []
  return tag === undefined ? parent.content : parent.content.filter((child) => child.tag === tag)
}

export function find(parent: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return children(parent, tag)[0]
}

export function child(parent: BinaryNode, tag: string): BinaryNode {
  const found = find(parent, tag)
  if (!found) throw new StanzaError(BAD_REQUEST, `<${parent.tag}> without <${tag}>`)
  return found
}

export function attribute(of: BinaryNode, name: string): string {
  const value = of.attrs[name]
  if (!value) throw new StanzaError(BAD_REQUEST, `<${of.tag}> without ${name}`)
  return value
}

/** A stanza's bytes; of exactly `length`, if given. */
export function bytes(of: BinaryNode, length?: number): Buffer {
  const { content } = of
  if (!(content instanceof Uint8Array)) throw new StanzaError(BAD_REQUEST, `<${of.tag}> has no bytes`)
  if (length !== undefined && content.length !== length) throw new StanzaError(BAD_REQUEST, `<${of.tag}> is not ${length} bytes`)
  return Buffer.from(content)
}

/** A stanza's text, which the codec gives as a string or as bytes. */
export function text(of: BinaryNode | undefined): string {
  const content = of?.content
  if (typeof content === 'string') return content
  return content instanceof Uint8Array ? Buffer.from(content).toString('utf8') : ''
}

export function integer(of: BinaryNode, length: number): number {
  return bytes(of, length).readUIntBE(0, length)
}

export function bigEndian(value: number, length: number): Buffer {
  const out = Buffer.alloc(length)
  out.writeUIntBE(value, 0, length)
  return out
}

export function result(query: BinaryNode, content?: BinaryNode[]): BinaryNode {
  return node('iq', { from: SERVER, type: 'result', id: attribute(query, 'id') }, content)
}

export function failure(query: BinaryNode, code: number, reason: string): BinaryNode {
  const attrs = { from: SERVER, type: 'error', id: query.attrs['id'] ?? '' }
  return node('iq', attrs, [node('error', { code: String(code), text: reason })])
}

/** How a person or one of their devices is addressed. Device 0 is the phone itself. */
export interface Jid {
  user: string
  form: Form
  device: number
}

/** By phone number or by the hidden id (LID): WhatsApp uses both. */
export type Form = 'pn' | 'lid'

const JID = /^(\d{4,20})(?::(\d{1,3}))?@(s\.whatsapp\.net|lid)$/

export function parseJid(jid: string | undefined): Jid | null {
  const [, user, device, server] = JID.exec(jid ?? '') ?? []
  return user ? { user, device: Number(device ?? 0), form: server === 'lid' ? 'lid' : 'pn' } : null
}

export function formatJid({ user, form, device }: Jid): string {
  return `${user}${device ? `:${device}` : ''}@${form === 'lid' ? 'lid' : 's.whatsapp.net'}`
}
