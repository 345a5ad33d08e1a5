/**
 * What people write to the tenant: turns a decrypted stanza into one `incoming` call, or decides it is none.
 * Everything in it is a stranger's, so nothing of it is trusted to be text, short, or an address.
 */

import { isLidUser, isPnUser, jidDecode, jidNormalizedUser, type BinaryNode } from '@whiskeysockets/baileys'
import { readContent } from './content.ts'
import type { Json } from './frames.ts'
import { clean, identity, instant, MAX_NAME_CHARS } from './text.ts'

const ADDRESS = /^\d{1,32}@(s\.whatsapp\.net|lid)$/
const PHONE = /^\d{5,20}$/

/** Remembers which stanza a ciphertext came in, since the decrypting code sees the ciphertext alone. */
export class Envelopes {
  readonly #byCiphertext = new WeakMap<object, BinaryNode>()

  seen(node: BinaryNode): void {
    if (node.tag !== 'message' || !Array.isArray(node.content)) return
    for (const { tag, content } of node.content) {
      if (tag === 'enc' && content instanceof Uint8Array) this.#byCiphertext.set(content, node)
    }
  }

  of(ciphertext: Uint8Array): BinaryNode | undefined {
    return this.#byCiphertext.get(ciphertext)
  }
}

/** The arguments of `incoming`; null for groups, our own other devices, and protocol traffic. `phoneOf` knows LIDs. */
export async function readIncoming(
  node: BinaryNode,
  plaintext: Uint8Array,
  phoneOf: (lid: string) => Promise<string | null>,
): Promise<Json | null> {
  const { id, from, t, notify, category, recipient } = node.attrs
  const person = isPnUser(from) || isLidUser(from)
  if (!id || !from || !person || category === 'peer' || recipient) return null
  const address = jidNormalizedUser(from)
  const content = ADDRESS.test(address) && readContent(plaintext)
  if (!content) return null
  return {
    message_id: identity(id),
    from_jid: address,
    from_phone: await phone(node, phoneOf),
    at_ms: instant(t),
    push_name: notify ? clean(notify, MAX_NAME_CHARS) : null,
    ...content,
  }
}

async function phone(node: BinaryNode, phoneOf: (lid: string) => Promise<string | null>): Promise<string | null> {
  const from = node.attrs['from'] as string
  const known = isPnUser(from) ? from : (node.attrs['sender_pn'] ?? (await phoneOf(from)))
  const digits = known ? jidDecode(known)?.user : undefined
  return digits && PHONE.test(digits) ? digits : null
}
