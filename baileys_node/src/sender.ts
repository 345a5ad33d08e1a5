/**
 * One message at a time from here to the server's ack. Until the first ciphertext is made an attempt can be called
 * off, and its failure is an error: surely nothing was written. From then on every failure is `unknown`.
 */

import { AsyncLocalStorage } from 'node:async_hooks'
import { isLidUser, jidDecode, jidNormalizedUser, type WASocket } from '@whiskeysockets/baileys'
import { describe, OperationError, type ErrorCode } from './errors.ts'
import type { KeyStore } from './keys.ts'
import type { Logger } from './log.ts'
import type { Outcomes, SendOutcome } from './outcomes.ts'

export interface SendOrder {
  messageId: string
  jid: string
  /** The recipient's LID, where the one who orders knows it. */
  lid: string | null
  text: string
  typingMs: number
}

/** Trusted-contact tokens are renewed once per bucket of this length, as WhatsApp Web does. */
const TOKEN_BUCKET_S = 604_800
const SECOND_MS = 1_000
const LID_USER = /^\d{5,20}$/

class Attempt {
  readonly order: SendOrder
  readonly calledOff: Promise<never>
  /** From now on bytes of it may be on the wire. */
  committed = false
  off: OperationError | null = null
  #callOff: (error: OperationError) => void = () => {}

  constructor(order: SendOrder) {
    this.order = order
    const { promise, reject } = Promise.withResolvers<never>()
    promise.catch(() => {})
    this.calledOff = promise
    this.#callOff = reject
  }

  callOff(code: ErrorCode, detail: string): void {
    this.off = new OperationError(code, detail)
    this.#callOff(this.off)
  }

  commit(): void {
    if (this.off) throw this.off
    this.committed = true
  }
}

export class Sender {
  readonly #sock: WASocket
  readonly #keys: KeyStore
  readonly #outcomes: Outcomes
  readonly #log: Logger
  readonly #attempts = new AsyncLocalStorage<Attempt>()
  #current: Attempt | null = null
  #idle: () => void = () => {}

  constructor(sock: WASocket, keys: KeyStore, outcomes: Outcomes, log: Logger) {
    this.#sock = sock
    this.#keys = keys
    this.#outcomes = outcomes
    this.#log = log
  }

  /** Hook of the Signal repository: the ciphertext just made belongs to the attempt of this async context. */
  sealed(): void {
    this.#attempts.getStore()?.commit()
  }

  /** Sends and waits for the ack. Every OperationError it throws means that nothing was written. */
  async send(order: SendOrder, deadlineMs: number): Promise<SendOutcome> {
    if (this.#current) throw new OperationError('busy', 'another message is on its way')
    const attempt = new Attempt(order)
    this.#current = attempt
    const timer = setTimeout(() => this.#stop(attempt, 'timeout'), deadlineMs)
    try {
      return await this.#attempt(attempt)
    } finally {
      clearTimeout(timer)
      this.#current = null
      this.#idle()
    }
  }

  /** The socket is over: what was not written is refused, what may have been is unknown. */
  closed(): void {
    if (this.#current) this.#stop(this.#current, 'closed')
  }

  /** Resolves when no message is on its way. */
  async idle(): Promise<void> {
    if (!this.#current) return
    await new Promise<void>((resolve) => (this.#idle = resolve))
  }

  async #attempt(attempt: Attempt): Promise<SendOutcome> {
    const { messageId, typingMs } = attempt.order
    const [address, ...others] = await Promise.race([this.#addresses(attempt.order), attempt.calledOff])
    if (typingMs > 0) await Promise.race([this.#type(address, typingMs), attempt.calledOff])
    const outcome = this.#outcomes.expect(messageId)
    const written = this.#attempts.run(attempt, () => this.#write(attempt.order, [address, ...others]))
    const failed = written.then(
      () => {
        attempt.committed = true
        return outcome
      },
      (error: unknown) => this.#writeFailed(attempt, error, outcome),
    )
    const result = await Promise.race([outcome, failed, attempt.calledOff]).catch((error: unknown) => {
      this.#outcomes.forget(messageId)
      throw error
    })
    // The receipt of an earlier try with this id came first: another copy is not needed.
    if (!attempt.committed) attempt.callOff('closed', 'WhatsApp has it already')
    if (result.outcome === 'acked') void this.#rememberToken(address)
    return result
  }

  /**
   * Where the message may go: to the LID first, where it is known. Baileys sends to whatever it is given, and WhatsApp
   * refuses known contacts that are addressed by their number. Nothing is asked here: only what is kept counts.
   */
  async #addresses({ jid, lid }: SendOrder): Promise<[string, ...string[]]> {
    const me = this.#sock.authState.creds.me
    // Without our own LID Baileys would mix the two kinds of address in one message.
    if (isLidUser(jid) || !me?.lid) return [jid]
    if (lid) {
      await this.#sock.signalRepository.lidMapping.storeLIDPNMappings([{ lid, pn: jid }])
      return [lid, jid]
    }
    const user = userOf(jid)
    const known: unknown = (await this.#keys.get('lid-mapping', [user]))[user]
    return typeof known === 'string' && LID_USER.test(known) ? [`${known}@lid`, jid] : [jid]
  }

  async #type(jid: string, typingMs: number): Promise<void> {
    await this.#sock.sendPresenceUpdate('composing', jid)
    await new Promise((resolve) => setTimeout(resolve, typingMs))
  }

  async #write({ messageId, text }: SendOrder, addresses: string[]): Promise<void> {
    const address = await this.#reachable(addresses)
    // `linkPreview: null` keeps Baileys from fetching the addresses in a text.
    await this.#sock.sendMessage(address, { text, linkPreview: null }, { messageId })
  }

  /**
   * The first address that WhatsApp names a device of. Baileys takes a look-up that failed for a person without
   * devices, sends to nobody but ourselves, and gets an ack for it. What is found here it finds in its cache.
   */
  async #reachable(addresses: string[]): Promise<string> {
    for (const address of addresses) {
      const devices = await this.#sock.getUSyncDevices([address], true, false)
      if (devices.some(({ user }) => user === userOf(address))) return address
    }
    throw new OperationError('unreachable', 'WhatsApp names no device of the recipient')
  }

  #writeFailed(attempt: Attempt, error: unknown, outcome: Promise<SendOutcome>): Promise<SendOutcome> {
    if (attempt.off) throw attempt.off
    if (error instanceof OperationError && !attempt.committed) throw error
    this.#log.warn({ ...describe(error), committed: attempt.committed }, 'a message could not be written')
    if (!attempt.committed) throw new OperationError('internal', `not written: ${describe(error).error}`)
    this.#outcomes.giveUp(attempt.order.messageId, 'write_failed')
    return outcome
  }

  #stop(attempt: Attempt, reason: 'timeout' | 'closed'): void {
    if (attempt.committed) this.#outcomes.giveUp(attempt.order.messageId, reason)
    else attempt.callOff(reason, 'nothing was written')
  }

  /** Baileys loses its own write of this, and would ask the server for the same token at every message. */
  async #rememberToken(jid: string): Promise<void> {
    try {
      const lid = isLidUser(jid) ? jid : await this.#sock.signalRepository.lidMapping.getLIDForPN(jid)
      const key = jidNormalizedUser(lid ?? jid)
      const current = (await this.#keys.get('tctoken', [key]))[key]
      const now = Math.floor(Date.now() / SECOND_MS)
      if (bucket(current?.senderTimestamp) === bucket(now)) return
      await this.#keys.set({ tctoken: { [key]: { token: Buffer.alloc(0), ...current, senderTimestamp: now } } })
    } catch (error) {
      this.#log.debug(describe(error), 'the trusted-contact token was not kept')
    }
  }
}

function userOf(jid: string): string {
  return jidDecode(jid)?.user ?? ''
}

function bucket(seconds: number | undefined): number {
  return seconds === undefined ? -1 : Math.floor(seconds / TOKEN_BUCKET_S)
}
