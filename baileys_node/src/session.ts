/**
 * One tenant's WhatsApp socket from `open` to `closed`. It never reconnects: it says once, with a code, that it is
 * over, and only after the credentials are durable. Failing storage ends it, since Baileys takes an unreadable key
 * for an absent one.
 */

import {
  BufferJSON,
  jidDecode,
  jidNormalizedUser,
  type AuthenticationCreds,
  type BaileysEventMap,
  type BinaryNode,
  type WASocket,
} from '@whiskeysockets/baileys'
import { ASKED, closingIn, closingOf, FENCED, PASSKEY, SILENT, STORAGE, type Closing } from './closing.ts'
import type { Config } from './config.ts'
import { CredsWriter, reviveCreds } from './creds.ts'
import { describe, OperationError, POISON, RemoteError } from './errors.ts'
import type { Json } from './frames.ts'
import { Envelopes, readIncoming } from './inbox.ts'
import { KeyStore } from './keys.ts'
import type { Link } from './link.ts'
import type { Logger } from './log.ts'
import { findNumber, type NumberAnswer } from './numbers.ts'
import { MESSAGE_ID, Outcomes, type SendOutcome } from './outcomes.ts'
import { askRestrictions, messageCap, timelock } from './restrictions.ts'
import { Sender, type SendOrder } from './sender.ts'
import { SilenceProbe, TIMING, type Timing } from './silence.ts'
import { connect, disconnect, holdPairing, pauseReading } from './socket.ts'

export interface SessionOptions {
  tenant: number
  epoch: number
  creds: string | null
  link: Link
  config: Pick<Config, 'server' | 'version'>
  log: Logger
  timing?: Timing
}

type ConnectionUpdate = BaileysEventMap['connection.update']

const FIRST_QR_S = 60
const NEXT_QR_S = 20
const SAVE_MS = 5_000
const LOGGED_OUT = 401
const REACHOUT_TIMELOCK = 463
const ENDED_BY_WHATSAPP = ['CB:stream:error', 'CB:failure']
const PASSKEY_ASKED = ['CB:notification,type:passkey_prologue_request', 'CB:notification,type:crsc_continuation']

export class Session {
  readonly tenant: number
  readonly epoch: number
  /** Resolves when the socket is over and everything it had to save is saved. */
  readonly over: Promise<void>

  readonly #link: Link
  readonly #log: Logger
  readonly #sock: WASocket
  readonly #creds: AuthenticationCreds
  readonly #credsWriter: CredsWriter
  readonly #keys: KeyStore
  readonly #sender: Sender
  readonly #outcomes: Outcomes
  readonly #silence: SilenceProbe
  readonly #envelopes = new Envelopes()
  readonly #pausedBy = new Set<'python' | 'link'>()
  readonly #pairable = Promise.withResolvers<void>()
  #isOver: () => void = () => {}
  #finishing: Promise<boolean> | null = null
  #announced: Promise<void> = Promise.resolve()
  #isOpen = false
  #reached = false
  #accepted = false
  #qrs = 0

  /** Throws OperationError `bad_request` on credentials that cannot be read. */
  constructor({ tenant, epoch, creds, link, config, log, timing = TIMING }: SessionOptions) {
    this.tenant = tenant
    this.epoch = epoch
    this.#link = link
    this.#log = log.child({ tenant, epoch })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.over = promise
    this.#isOver = resolve
    this.#creds = reviveCreds(creds)
    this.#credsWriter = new CredsWriter(this.#creds, (text) => this.#ask('creds_set', { creds: text }))
    this.#keys = new KeyStore((op, args) => this.#ask(op, args), (error) => this.#storageFailed(error))
    this.#outcomes = new Outcomes((event, data) => this.#emit(event, data))
    this.#sock = connect({
      creds: this.#creds,
      keys: this.#keys,
      config,
      timing,
      log: this.#log,
      hooks: {
        sealed: () => this.#sender.sealed(),
        opened: (ciphertext, plaintext) => this.#received(ciphertext, plaintext),
      },
      sentText: (messageId) => this.#sentText(messageId),
    })
    this.#sender = new Sender(this.#sock, this.#keys, this.#outcomes, this.#log)
    this.#silence = new SilenceProbe(timing.silenceMs, () => void this.#finish(SILENT))
    this.#listen()
  }

  async send(order: SendOrder, deadlineMs: number): Promise<SendOutcome> {
    this.#requireOpen()
    const outcome = await this.#sender.send(order, deadlineMs)
    if (outcome.outcome === 'refused' && outcome.error === REACHOUT_TIMELOCK) void this.#askRestriction()
    return outcome
  }

  async checkNumber(candidates: string[], deadlineMs: number): Promise<NumberAnswer> {
    this.#requireOpen()
    return this.#whileOpen(findNumber(this.#sock, this.#sock.signalRepository.lidMapping, candidates, deadlineMs))
  }

  /** Waits until WhatsApp is ready to pair, then asks for a code. */
  async pairByCode(phone: string): Promise<string> {
    if (this.#creds.account) throw new OperationError('bad_request', 'this device is paired already')
    await this.#whileOpen(this.#pairable.promise)
    const code = await this.#whileOpen(this.#sock.requestPairingCode(phone))
    this.#emit('pairing_code', { code })
    return code
  }

  /** Ends the socket without a `closed` event; a message on its way becomes unknown, unless drained before. */
  async close(logout: boolean): Promise<void> {
    if (logout && this.#isOpen) await this.#unlink()
    const saved = await this.#finish(ASKED)
    if (!saved) throw new OperationError('internal', 'the session ended, but could not be saved')
  }

  /** Resolves when no message is on its way. New ones are refused from now on. */
  async drain(): Promise<void> {
    this.#isOpen = false
    await this.#sender.idle()
  }

  /** Stops or resumes reading from WhatsApp: Python, or the link to it, lags behind. */
  pause(by: 'python' | 'link', paused: boolean): void {
    if (paused) this.#pausedBy.add(by)
    else this.#pausedBy.delete(by)
    this.#silence.suspend(this.#pausedBy.size > 0)
    pauseReading(this.#sock, this.#pausedBy.size > 0)
  }

  #listen(): void {
    const { ev, ws } = this.#sock
    ev.on('creds.update', () => this.#credsChanged())
    ev.on('connection.update', (update) => this.#connectionChanged(update))
    ev.on('message-capping.update', (cap) => this.#restricted(messageCap(cap)))
    ws.once('message', () => (this.#reached = true))
    ws.on('frame', this.#safely((frame: BinaryNode | Uint8Array) => this.#frameArrived(frame)))
    ws.on('CB:ack,class:message', this.#safely((node: BinaryNode) => this.#outcomes.acked(node)))
    ws.on('CB:receipt', this.#safely((node: BinaryNode) => this.#outcomes.received(node)))
    for (const asked of PASSKEY_ASKED) ws.on(asked, () => void this.#finish(PASSKEY))
    // Before Baileys, which forgets what else WhatsApp said.
    for (const over of ENDED_BY_WHATSAPP) ws.prependListener(over, this.#safely((node: BinaryNode) => this.#endedBy(node)))
    holdPairing(this.#sock, (creds) => this.#keepPairing(creds))
  }

  /** What a listener throws would take the rest of WhatsApp's bytes with it. */
  #safely<T>(handle: (node: T) => void): (node: T) => void {
    return (node) => {
      try {
        handle(node)
      } catch (error) {
        this.#log.error(describe(error), 'a stanza was set aside')
      }
    }
  }

  #endedBy(node: BinaryNode): void {
    const closing = closingIn(node)
    if (closing) void this.#finish(closing)
  }

  /** The phone accepted: the QR is used up, and nothing is answered before the credentials are durable. */
  async #keepPairing(creds: AuthenticationCreds): Promise<void> {
    this.#accepted = true
    try {
      await this.#ask('creds_set', { creds: JSON.stringify(creds, BufferJSON.replacer) })
    } catch (error) {
      this.#storageFailed(error)
      throw error
    }
    if (this.#finishing) throw new OperationError('closed', 'the session ended meanwhile')
  }

  #frameArrived(frame: BinaryNode | Uint8Array): void {
    this.#silence.heard()
    if (!(frame instanceof Uint8Array)) this.#envelopes.seen(frame)
  }

  #credsChanged(): void {
    this.#credsWriter.changed()
    this.#credsWriter.flush().catch((error: unknown) => this.#storageFailed(error))
  }

  #connectionChanged({ connection, qr, isNewLogin, lastDisconnect, reachoutTimeLock }: ConnectionUpdate): void {
    if (qr) this.#qrArrived(qr)
    if (isNewLogin) this.#afterSave(() => this.#emit('paired', this.#identity()))
    if (connection === 'open') this.#afterSave(() => this.#opened())
    this.#restricted(timelock(reachoutTimeLock))
    if (connection === 'close') void this.#finish(this.#closingOf(lastDisconnect?.error))
  }

  #closingOf(error: Error | undefined): Closing {
    return closingOf(error, { reached: this.#reached, scannable: this.#qrs > 0 && !this.#creds.account })
  }

  #qrArrived(payload: string): void {
    if (this.#accepted || this.#finishing) return
    this.#qrs += 1
    this.#emit('qr', { payload, expires_s: this.#qrs === 1 ? FIRST_QR_S : NEXT_QR_S })
    this.#pairable.resolve()
  }

  /** Nothing is announced before the credentials it rests on are durable. */
  #afterSave(announce: () => void): void {
    this.#announced = this.#credsWriter.flush().then(announce, (error: unknown) => this.#storageFailed(error))
  }

  #opened(): void {
    if (this.#finishing) return
    this.#isOpen = true
    this.#emit('open', this.#identity())
  }

  #identity(): Json {
    const { id, lid } = this.#creds.me ?? {}
    return { jid: id ? jidNormalizedUser(id) : null, lid: lid ? jidNormalizedUser(lid) : null }
  }

  #restricted(restriction: Json | null): void {
    if (restriction) this.#emit('restriction', restriction)
  }

  async #askRestriction(): Promise<void> {
    try {
      this.#restricted(await askRestrictions(this.#sock))
    } catch (error) {
      this.#log.warn(describe(error), 'WhatsApp did not tell until when new chats are refused')
    }
  }

  async #received(ciphertext: Uint8Array, plaintext: Uint8Array): Promise<void> {
    const node = this.#envelopes.of(ciphertext)
    const incoming = node && (await readIncoming(node, plaintext, (lid) => this.#phoneOf(lid)))
    if (!incoming) return
    try {
      await this.#ask('incoming', incoming)
    } catch (error) {
      // What can never be kept would come again at every login: WhatsApp gets its receipt, and it is gone.
      if (error instanceof RemoteError && error.code === POISON) return this.#log.error({ op: 'incoming' }, 'a message was set aside')
      this.#storageFailed(error)
      throw error
    }
  }

  async #phoneOf(lid: string): Promise<string | null> {
    const pn = await this.#sock.signalRepository.lidMapping.getPNForLID(lid)
    return jidDecode(pn ?? undefined)?.user ?? null
  }

  async #sentText(messageId: string): Promise<string | null> {
    if (!MESSAGE_ID.test(messageId) || !this.#outcomes.mayRetry(`text ${messageId}`)) return null
    const { text } = await this.#ask('message_text', { message_id: messageId })
    return typeof text === 'string' ? text : null
  }

  async #unlink(): Promise<void> {
    try {
      await this.#sock.logout()
    } catch (error) {
      this.#log.warn(describe(error), 'WhatsApp was not told to unlink the device')
    }
  }

  #ask(op: string, args: Json): Promise<Json> {
    return this.#link.call(op, this.tenant, this.epoch, args)
  }

  #emit(event: string, data: Json): void {
    this.#link.event(event, this.tenant, this.epoch, data)
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new OperationError('not_open', 'the session is not open')
  }

  async #whileOpen<T>(work: Promise<T>): Promise<T> {
    const closed = this.over.then(() => Promise.reject(new OperationError('closed', 'the session ended')))
    return Promise.race([work, closed])
  }

  #storageFailed(error: unknown): void {
    if (this.#finishing) return
    const fenced = error instanceof RemoteError && error.code === 'stale_epoch'
    this.#log.warn(describe(error), fenced ? 'another process owns this session now' : 'the session cannot be saved')
    void this.#finish(fenced ? FENCED : STORAGE)
  }

  /** Resolves with whether all was saved. */
  #finish(closing: Closing): Promise<boolean> {
    this.#finishing ??= this.#end(closing)
    return this.#finishing
  }

  async #end(closing: Closing): Promise<boolean> {
    this.#isOpen = false
    this.#silence.stop()
    this.#sender.closed()
    disconnect(this.#sock)
    const saved = closing === FENCED || (await within(SAVE_MS, this.#save()))
    this.#keys.close()
    const { code, reason, waitSeconds = null } = saved ? closing : STORAGE
    this.#log.info({ code, reason }, 'session over')
    if (closing.announce) this.#emit('closed', { code, reason, logged_out: code === LOGGED_OUT, wait_s: waitSeconds })
    this.#isOver()
    return saved
  }

  async #save(): Promise<void> {
    await this.#keys.idle()
    await this.#credsWriter.flush()
    await this.#announced
  }
}

/** Whether `work` succeeded within the time given. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), milliseconds)
  work.then(
    () => resolve(true),
    () => resolve(false),
  )
  const done = await promise
  clearTimeout(timer)
  return done
}
