/**
 * What became of a sent message: the server's ack or refusal, and later the phone's receipts.
 * Resolving `sendMessage` proves only a written frame, so these raw stanzas are the one source of truth.
 */

import {
  getBinaryNodeChild,
  getBinaryNodeChildren,
  isLidUser,
  isPnUser,
  jidNormalizedUser,
  type BinaryNode,
} from '@whiskeysockets/baileys'
import type { Json } from './frames.ts'
import { code, instant } from './text.ts'

export type UnknownReason = 'timeout' | 'closed' | 'write_failed'

export type SendOutcome =
  | { outcome: 'acked'; at_ms: number }
  | { outcome: 'refused'; error: number }
  | { outcome: 'unknown'; reason: UnknownReason }

export type ReceiptStatus = 'delivered' | 'read' | 'retry'

/** Every id of ours looks like this: what else a receipt names was never sent from here. */
export const MESSAGE_ID = /^[0-9A-Za-z.-]{1,64}$/
/** A phone that cannot decrypt may ask again so often; from then on it is not heard. */
export const MAX_RETRIES = 5
const REMEMBERED_UNKNOWNS = 1_000
const REMEMBERED_RETRIES = 1_000
const MAX_RECEIPT_IDS = 1_000
const UNNUMBERED = 0
const RECEIPTS: ReadonlyMap<string | undefined, ReceiptStatus> = new Map([
  [undefined, 'delivered'],
  ['inactive', 'delivered'],
  ['read', 'read'],
  ['played', 'read'],
  ['retry', 'retry'],
])

export class Outcomes {
  readonly #emit: (event: 'ack' | 'receipt', data: Json) => void
  readonly #waiting = new Map<string, (outcome: SendOutcome) => void>()
  readonly #unknown = new Set<string>()
  readonly #retries = new Map<string, number>()

  constructor(emit: (event: 'ack' | 'receipt', data: Json) => void) {
    this.#emit = emit
  }

  /** Resolves once, when this id is acked, refused or given up. */
  expect(messageId: string): Promise<SendOutcome> {
    const { promise, resolve } = Promise.withResolvers<SendOutcome>()
    this.#unknown.delete(messageId)
    this.#waiting.set(messageId, resolve)
    return promise
  }

  /** Nothing was written for this id: nobody waits for its ack. */
  forget(messageId: string): void {
    this.#waiting.delete(messageId)
  }

  /** Answers `unknown` to the one who waits; a late ack is still reported, as an event. */
  giveUp(messageId: string, reason: UnknownReason): void {
    const resolve = this.#waiting.get(messageId)
    if (!resolve) return
    this.#waiting.delete(messageId)
    this.#unknown.add(messageId)
    const [oldest] = this.#unknown
    if (this.#unknown.size > REMEMBERED_UNKNOWNS && oldest !== undefined) this.#unknown.delete(oldest)
    resolve({ outcome: 'unknown', reason })
  }

  /** A `<ack class="message">` of the server. */
  acked(node: BinaryNode): void {
    const { id, t, error } = node.attrs
    if (!id) return
    const refused = error !== undefined && error !== ''
    this.#settle(id, refused ? { outcome: 'refused', error: code(error) ?? UNNUMBERED } : { outcome: 'acked', at_ms: instant(t) })
  }

  /** A `<receipt>` of the recipient. It proves the server's acceptance too, should the ack have been lost. */
  received(node: BinaryNode): void {
    const { id, from, t, type, recipient } = node.attrs
    const status = RECEIPTS.get(type)
    const fromPerson = isPnUser(from) || isLidUser(from)
    // With `recipient` it speaks of what another device of ours did.
    if (!from || !status || !fromPerson || recipient) return
    const mine = [...new Set([id, ...listed(node)])].filter((found) => found !== undefined && MESSAGE_ID.test(found))
    for (const messageId of mine.slice(0, MAX_RECEIPT_IDS) as string[]) {
      this.#settle(messageId, { outcome: 'acked', at_ms: instant(t) })
      if (status === 'retry' && !this.mayRetry(messageId)) continue
      this.#emit('receipt', { message_id: messageId, status, from_jid: jidNormalizedUser(from), at_ms: instant(t) })
    }
  }

  /** Counts one more request to send a message again; false when there were too many. */
  mayRetry(messageId: string): boolean {
    const asked = this.#retries.get(messageId) ?? 0
    this.#retries.delete(messageId)
    this.#retries.set(messageId, asked + 1)
    const [oldest] = this.#retries.keys()
    if (this.#retries.size > REMEMBERED_RETRIES && oldest !== undefined) this.#retries.delete(oldest)
    return asked < MAX_RETRIES
  }

  #settle(messageId: string, outcome: SendOutcome): void {
    const resolve = this.#waiting.get(messageId)
    this.#waiting.delete(messageId)
    if (resolve) resolve(outcome)
    else if (this.#unknown.delete(messageId)) this.#emit('ack', { message_id: messageId, ...outcome })
  }
}

/** Receipts for several messages name the others in `<list><item id=…/></list>`. */
function listed(node: BinaryNode): Array<string | undefined> {
  const items = getBinaryNodeChildren(getBinaryNodeChild(node, 'list'), 'item')
  return items.map(({ attrs }) => attrs['id'])
}
